"""An account that a running stack uses, held by tests: its noise does not disturb them."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from twilio_emulator import Emulator, Settings
from twilio_emulator.handle.calling import Calling, CannotCall
from twilio_emulator.handle.handset import NotReceived
from twilio_emulator.server.serving import Serving

ANN, NUMBER = "+12025550199", "+12025550100"
TOKEN = "0123456789abcdef0123456789abcdef"

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def stack(url: str) -> Emulator:
    """The account that the stack uses; things have gone on in it."""
    stack = Emulator.attach(url)
    stack.handset(ANN).send("noise")
    stack.client().messages.create(to=ANN, from_=NUMBER, body="Your code is 111111")
    Calling(url).get(f"/handsets/{ANN}/messages/wait", {"after": 0, "contains": "111111"}, wait=10)
    return stack


TESTS = """
    import pytest

    ANN = "+12025550199"

    def test_a_code(twilio_emulator):
        ann = twilio_emulator.handset(ANN)
        assert ann.inbox == []
        assert list(twilio_emulator.journal.of("webhook")) == twilio_emulator.webhooks == []
        twilio_emulator.client().messages.create(
            to=ANN, from_=twilio_emulator.number, body="Your code is 424242"
        )
        assert ann.wait(contains="code").codes == ["424242"]
        assert [each.body for each in ann.inbox] == ["Your code is 424242"]

    def test_a_failure(twilio_emulator):
        twilio_emulator.fail(30003)
        twilio_emulator.clock.freeze()
        ann = twilio_emulator.handset(ANN)
        twilio_emulator.client().messages.create(
            to=ANN, from_=twilio_emulator.number, body="Your code is 424242"
        )
        twilio_emulator.clock.advance(5)
        assert ann.inbox == []

    def test_an_app_with_a_client_of_its_own(twilio_redirect):
        from twilio.rest import Client

        ann = twilio_redirect.handset(ANN)
        Client().messages.create(to=ANN, from_=twilio_redirect.number, body="Your code is 434343")
        assert ann.wait().codes == ["434343"]
"""


def test_a_stack_is_attached_to_and_passes_twice(
    run: Run, pytester: pytest.Pytester, url: str, stack: Emulator
) -> None:
    pytester.makepyfile(TESTS)
    for _ in range(2):
        result = run("--twilio-emulator-url", url, "--twilio-emulator-account", stack.account_sid)
        result.assert_outcomes(passed=3)
    # What would have disturbed the stack is gone; the rest is there.
    calling = Calling(url)
    assert calling.get("/faults")["faults"] == []
    assert calling.get("/clock")["mode"] == "real"
    assert len(calling.get("/accounts")["accounts"]) == 1


def test_a_failure_tells_what_went_on_since_the_test_began(
    run: Run, pytester: pytest.Pytester, url: str, stack: Emulator
) -> None:
    pytester.makepyfile(
        """
        def test_nothing_comes(twilio_emulator):
            ann = twilio_emulator.handset("+12025550199")
            ann.wait(timeout=0.1)
        """
    )
    result = run("--twilio-emulator-url", url, "--twilio-emulator-account", stack.account_sid)
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert "no text was sent to +12025550199" in shown
    assert "111111" not in shown
    assert "noise" not in shown


def test_what_goes_on_while_a_test_runs(url: str, stack: Emulator) -> None:
    ours = Emulator.attach(url, stack.account_sid)
    ann = ours.handset(ANN)
    assert ann.inbox == []
    assert next(iter(ours.journal))["command"] == "UpsertHandset"
    stack.client().messages.create(to=ANN, from_=NUMBER, body="Your code is 222222")
    assert ann.wait().codes == ["222222"]
    ours.mark()
    assert ann.inbox == list(ours.journal) == []
    with pytest.raises(NotReceived):
        ann.wait(timeout=0.1)


def test_the_handle_works_after_a_reset(url: str, stack: Emulator) -> None:
    with Emulator.attach(url) as ours:
        ours.clock.freeze()
        ann = ours.handset(ANN)
        ours.reset()
        assert ann.inbox == []
        ann = ours.handset(ANN, label="Ann")
        ours.client().messages.create(to=ANN, from_=NUMBER, body="Your code is 333333")
        assert ann.wait().codes == ["333333"]
        assert ours.token("alice")
        assert ours.clock.advance(hours=1) - ours.clock.now <= timedelta(0)
        held = [each.body for each in ann.inbox]
    assert held == ["Your code is 333333"]


def test_an_own_emulator_is_reset_too() -> None:
    with Emulator() as emulator:
        emulator.handset(ANN).send("hello")
        emulator.reset()
        assert Calling(emulator.url).get("/handsets")["handsets"] == []


def test_a_phone_waits_for_the_first_text_after_a_reset_too() -> None:
    with Emulator(Settings(port=0, seed=1)) as emulator:
        ann = emulator.handset(ANN)
        sids = []
        for _ in range(2):
            emulator.client().messages.create(to=ANN, from_=NUMBER, body="Your code is 555555")
            sids.append(ann.wait().message_sid)
            emulator.reset()
        assert sids[0] == sids[1]


def test_a_phone_is_there_again_after_a_reset() -> None:
    with Emulator() as emulator:
        ann = emulator.handset(ANN, label="Ann", receipts="hold")
        emulator.reset()
        ann.airplane()
        (shown,) = emulator.call("GET", "/handsets")["handsets"]
        assert (shown["label"], shown["receipts"]) == ("Ann", "hold")
        emulator.mark()
        assert ann.inbox == []
        (shown,) = emulator.call("GET", "/handsets")["handsets"]
        assert shown["network"] == "airplane"  # a mark alone leaves phones as they are


def test_an_expectation_lasts_over_a_reset() -> None:
    with Emulator() as emulator:
        ann = emulator.handset(ANN)
        for _ in range(3):
            ann.send("hello")
        with ann.expect() as text:
            emulator.reset()
            emulator.client().messages.create(to=ANN, from_=NUMBER, body="Your code is 666666")
        assert text.one().codes == ["666666"]


@pytest.mark.anyio
async def test_what_a_wait_that_is_awaited_returned_counts_after_a_mark_too() -> None:
    with Emulator() as emulator:
        ann = emulator.handset(ANN)
        emulator.mark()
        for body in ("one", "two"):
            emulator.client().messages.create(to=ANN, from_=NUMBER, body=body)
        assert (await ann.await_text()).body == "one"
        assert ann.wait().body == "two"


def test_a_fault_of_others_after_a_reset_stays(url: str) -> None:
    with Emulator.attach(url) as ours:
        ours.fail(30005)
        (made,) = ours.call("GET", "/faults")["faults"]
        ours.reset()
        theirs = Emulator.attach(url)
        theirs.fail(30006)
        (there,) = theirs.call("GET", "/faults")["faults"]
        assert there["id"] == made["id"]
    assert theirs.call("GET", "/faults")["faults"] == [there]
    theirs.reset()


def test_where_there_is_no_such_account(url: str) -> None:
    with pytest.raises(CannotCall, match=r"has no account AC9: it has AC0{31}1$"):
        Emulator.attach(url, account_sid="AC9")


def test_the_emulator_that_run_and_env_name(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EMULATOR_URL", f"{url}/")
    assert Emulator.attach().url == url
    monkeypatch.delenv("TWILIO_EMULATOR_URL")
    with pytest.raises(CannotCall, match=", or TWILIO_EMULATOR_URL"):
        Emulator.attach()


def test_secrets_that_came_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    with Serving(Settings(port=0, auth_token=TOKEN), os.environ) as serving:
        attached = Emulator.attach(serving.local_url)
        with pytest.raises(CannotCall, match="tells it to nobody: set TWILIO_ACCOUNT_SID"):
            attached.client()
        monkeypatch.setenv("TWILIO_ACCOUNT_SID", attached.account_sid)
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
        with Emulator.attach(serving.local_url) as attached:
            attached.client().messages.create(to=ANN, from_=NUMBER, body="hello")


def test_an_account_without_an_emulator(run: Run) -> None:
    result = run("--twilio-emulator-account", "AC1")
    assert "expected --twilio-emulator-url, where the account is" in result.stderr.str()


def test_what_an_account_that_is_there_cannot_be_given(
    run: Run, pytester: pytest.Pytester, url: str, stack: Emulator
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.twilio_emulator(seed=1)
        def test_it(twilio_emulator):
            pass
        """
    )
    result = run("--twilio-emulator-url", url, "--twilio-emulator-account", stack.account_sid)
    result.assert_outcomes(errors=1)
    assert "takes scenario alone where --twilio-emulator-account names an account" in (
        result.stdout.str()
    )
