"""The plugin in pytest runs of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from twilio_emulator import Settings
from twilio_emulator.handle import batch
from twilio_emulator.server.serving import Serving

Pytester = pytest.Pytester
Run = Callable[..., pytest.RunResult]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


def test_the_example_of_the_contract(pytester: Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        def test_reply(twilio_emulator):
            ann = twilio_emulator.handset("+12025550199")
            client = twilio_emulator.client()
            client.messages.create(
                to=ann.address, from_=twilio_emulator.number, body="Your code is 424242"
            )
            assert ann.wait(contains="code").codes == ["424242"]
        """
    )
    run("-W", "error").assert_outcomes(passed=1)


def test_one_server_per_session_and_one_account_per_test(pytester: Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        seen = []

        def test_one(twilio_emulator):
            twilio_emulator.handset("+12025550199").send("hello")
            seen.append((twilio_emulator.url, twilio_emulator.account_sid))

        def test_two(twilio_emulator):
            assert twilio_emulator.handset("+12025550199").inbox == []
            (url, account_sid), = seen
            assert twilio_emulator.url == url
            assert twilio_emulator.account_sid != account_sid
        """
    )
    run().assert_outcomes(passed=2)


def test_a_running_emulator_is_used_instead(pytester: Pytester, run: Run, url: str) -> None:
    pytester.makepyfile(
        f"""
        def test_where(twilio_emulator):
            assert twilio_emulator.url == "{url}"
            assert twilio_emulator.account_sid != "AC00000000000000000000000000000001"
        """
    )
    run("--twilio-emulator-url", url).assert_outcomes(passed=1)


def test_code_that_makes_its_own_client_is_redirected(
    pytester: Pytester, run: Run, url: str
) -> None:
    pytester.makepyfile(
        app="""
        import os
        from twilio.rest import Client

        def greet(to):
            client = Client()
            client.messages.create(to=to, from_=os.environ["TWILIO_PHONE_NUMBER"], body="Hello!")
            client.http_client.session.close()
        """,
        test_app="""
        import os
        import app

        def test_greeting(twilio_redirect):
            ann = twilio_redirect.handset("+12025550199")
            app.greet(ann.address)
            assert ann.wait().body == "Hello!"
            assert os.environ["TWILIO_ACCOUNT_SID"] == twilio_redirect.account_sid
            assert "ALL_PROXY" not in os.environ

        def test_afterwards():
            assert os.environ["ALL_PROXY"] == "socks5://127.0.0.1:1"
            assert "TWILIO_ACCOUNT_SID" not in os.environ
        """,
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
        environment.delenv("TWILIO_ACCOUNT_SID", raising=False)
        run("--twilio-emulator-url", url).assert_outcomes(passed=2)


def test_where_a_redirected_account_says_that_its_media_are(
    pytester: Pytester, run: Run, url: str
) -> None:
    pytester.makepyfile(
        """
        def opening(emulator):
            return emulator._asynchronous._given_account

        def test_redirected(twilio_redirect, request):
            assert opening(twilio_redirect) == {"public_url": "https://twilio.com"}

        def test_not_redirected(twilio_emulator):
            assert opening(twilio_emulator) == {}
        """
    )
    run("--twilio-emulator-url", url).assert_outcomes(passed=2)


def test_a_marker_says_what_one_account_has(pytester: Pytester, run: Run, url: str) -> None:
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.twilio_emulator(clock="frozen", numbers=["+12025550166"])

        def test_frozen(twilio_emulator):
            assert twilio_emulator.clock.now == twilio_emulator.clock.now
            client = twilio_emulator.client()
            client.messages.create(to="+12025550199", from_="+12025550166", body="hello")

        @pytest.mark.twilio_emulator(clock="real", now="2026-01-05T09:00:00Z", seed=7)
        def test_real(twilio_emulator):
            assert twilio_emulator.clock.now.year == 2026
        """
    )
    run("--twilio-emulator-url", url, "--strict-markers").assert_outcomes(passed=2)


def test_a_marker_plays_a_scenario_first(pytester: Pytester, run: Run, url: str) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.twilio_emulator(scenario="support-desk")
        def test_after_the_story(twilio_emulator):
            (talk,) = twilio_emulator.client().conversations.v1.conversations.list()
            assert talk.friendly_name == "Parcel 42"
        """
    )
    run("--twilio-emulator-url", url).assert_outcomes(passed=1)


@pytest.mark.parametrize("marked", ["'frozen'", "colour='red'"])
def test_a_marker_that_is_wrong(pytester: Pytester, run: Run, url: str, marked: str) -> None:
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.twilio_emulator({marked})
        def test_it(twilio_emulator):
            pass
        """
    )
    result = run("--twilio-emulator-url", url)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the marker twilio_emulator takes scenario, seed, clock, *"])


def test_the_settings_of_the_session_can_be_overridden(pytester: Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest
        from twilio_emulator import Settings
        from twilio_emulator.handle import batch as rehearsal

        @pytest.fixture(scope="session")
        def twilio_emulator_settings():
            return Settings(clock="frozen", carrier="no-dlr")

        def test_it(twilio_emulator):
            client = twilio_emulator.client()
            text = client.messages.create(
                to="+12025550199", from_=twilio_emulator.number, body="hello"
            )
            twilio_emulator.clock.advance(60)
            assert text.fetch().status == "sent"
        """
    )
    run().assert_outcomes(passed=1)


def test_a_failure_shows_the_journal(pytester: Pytester, run: Run, url: str) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def talk(twilio_emulator):
            client = twilio_emulator.client()
            return client.conversations.v1.conversations.create(friendly_name="Talk")

        def test_it(twilio_emulator, talk):
            client = twilio_emulator.client()
            with pytest.raises(Exception):
                client.messages.create(to="nobody", from_=twilio_emulator.number, body="hello")
            assert not talk.sid

        def test_that_passes(twilio_emulator, talk):
            assert talk.sid
        """
    )
    result = run("--twilio-emulator-url", url)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- twilio-emulator, AC*-*",
            "* conversation added: CH* friendly_name='Talk'",
            "* POST conversations /v1/Conversations with FriendlyName='Talk' was answered 201*",
            "* POST api /*/Messages.json with To='nobody', * was refused with 400: 21211 *",
        ]
    )
    assert str(result.stdout).count("conversation added") == 1
    assert str(result.stdout).count("21211") == 1


def test_a_failure_shows_the_line_of_the_test_and_why(
    pytester: Pytester, run: Run, url: str
) -> None:
    pytester.makepyfile(
        """
        import pytest

        def nothing(emulator):
            emulator.handset("+12025550199").wait(timeout=0)

        @pytest.fixture
        def before(twilio_emulator):
            nothing(twilio_emulator)

        @pytest.fixture
        def after(twilio_emulator):
            yield
            nothing(twilio_emulator)

        def test_in_set_up(before):
            pass

        def test_in_call(twilio_emulator):
            nothing(twilio_emulator)

        def test_in_tear_down(after):
            pass

        @pytest.mark.twilio_emulator(scenario="nowhere")
        def test_in_the_fixture(twilio_emulator):
            pass

        def test_by_a_scenario(twilio_emulator, tmp_path):
            (tmp_path / "a.scenario.yaml").write_text("scenario: [")
            twilio_emulator.play(tmp_path / "a.scenario.yaml")
        """
    )
    result = run("--twilio-emulator-url", url)
    result.assert_outcomes(passed=1, failed=2, errors=3)
    shown = str(result.stdout)
    # In CI pytest's summary says it, too.
    said = "E       twilio_emulator.handle.waits.NotReceived: Nothing came to +12025550199: no text"
    assert shown.count(said) == 3
    assert shown.count("handset added: address='+12025550199'") == 3
    assert shown.count("- twilio-emulator, AC") == 5
    assert "emulator/handle" not in shown


def test_a_failure_shows_that_the_emulator_is_gone(pytester: Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_it(twilio_emulator):
            twilio_emulator.journal = Gone()
            raise AssertionError

        class Gone:
            def last(self):
                from twilio_emulator.handle.calling import CannotCall
                raise CannotCall("no emulator answers")
        """
    )
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no emulator answers"])


def test_scenario_files_are_tests(pytester: Pytester, run: Run) -> None:
    story = """
        scenario: Ann texts
        people:
          Ann: +12025550199
          Bob: chat:bob
        conversations:
          Talk: [Ann, Bob]
        story:
          - Ann texts: hello
          - Bob gets: %s
    """
    pytester.makefile(
        ".scenario.yaml",
        holds=story % "hello",
        fails=story % "bye",
        wrong="scenario: [",
    )
    result = run("-v")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "fails.scenario.yaml::Ann texts FAILED*",
            "holds.scenario.yaml::Ann texts PASSED*",
            "wrong.scenario.yaml::wrong FAILED*",
            "*fails.scenario.yaml:9:*Bob gets: bye*",
            "*expected*bye*",
            "*wrong.scenario.yaml:2:*",
        ]
    )


def test_scenario_files_are_played_on_a_running_emulator(
    pytester: Pytester, run: Run, url: str
) -> None:
    pytester.makefile(".scenario.yaml", empty="scenario: Nothing\nstory:\n  - wait: 1 minute\n")
    run("--twilio-emulator-url", url).assert_outcomes(passed=1)
    result = run("--twilio-emulator-url", "http://127.0.0.1:1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*expected an emulator at http://127.0.0.1:1*"])


def test_a_scenario_that_cannot_be_played_for_another_reason(pytester: Pytester, run: Run) -> None:
    pytester.makefile(".scenario.yaml", empty="scenario: Nothing\nstory:\n  - wait: 1 minute\n")
    pytester.makeconftest(
        """
        from twilio_emulator.handle import batch as rehearsal

        async def rehearse(*arguments):
            raise ZeroDivisionError("a fault of ours")

        rehearsal.rehearse = rehearse
        """
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "rehearse", batch.rehearse)
        result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: a fault of ours*"])


def test_a_run_that_uses_no_emulator_imports_next_to_nothing_of_it() -> None:
    """Whoever has the package installed has the plugin loaded, whatever they test."""
    script = (
        "import sys, twilio_emulator.pytest_plugin\n"
        "print(*sorted(name for name in sys.modules if name.startswith('twilio_emulator')))"
    )
    output = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert output.split() == ["twilio_emulator", "twilio_emulator.pytest_plugin"]
