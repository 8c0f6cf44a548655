import ssl

from twilio_emulator.webhooks.http import failures


def raised(error: Exception, cause: BaseException | None = None) -> Exception:
    """`error`, as if it came of `cause`."""
    error.__cause__ = cause
    return error


def test_of_several_addresses_the_first_tells() -> None:
    each = ExceptionGroup("each", [ConnectionRefusedError(111, "refused"), OSError(101, "away")])
    error = raised(ConnectionError("All connection attempts failed"), each)

    failure = failures.of_exception(error, connected=False)

    assert (failure.code, failure.words) == (11205, "connection refused")


def test_what_has_no_name_of_its_own() -> None:
    away = raised(ConnectionError("no"), OSError(101, "Network is unreachable"))
    silent = raised(ConnectionError("no"), TimeoutError())

    assert failures.of_exception(away, connected=False).words == (
        "no connection: [Errno 101] Network is unreachable"
    )
    assert failures.of_exception(silent, connected=False).words == "no connection: TimeoutError"
    broken = failures.of_exception(ConnectionResetError(), connected=True)
    assert (broken.code, broken.words) == (11206, "broken answer: ConnectionResetError")


def test_tls_that_fails_without_a_certificate() -> None:
    failure = failures.of_exception(ssl.SSLError(1, "handshake failure"), connected=False)

    assert failure.code == 11220
    assert "handshake failure" in failure.words
