"""Scenarios by the control API: played, with a report that comes back; and recorded."""

from collections.abc import Awaitable, Callable

from twilio_emulator.control.routes import Control, Controls, Fields, Mistaken, Reply, json_reply
from twilio_emulator.runtime.accounts import Hosted

Play = Callable[[str, str, Hosted], Awaitable[dict[str, object]]]
"""From a scenario's text, what it is called and the account to play it in, to the report.

Raises `Mistaken` when the text is no scenario.
"""


Record = Callable[[str, Hosted], str]
"""From a title and an account to the text of a scenario that does again what happened there.

Raises `Mistaken` when its beginning is not known any more.
"""


class Recorded(Fields):
    """What the recording is called."""

    title: str = "Recorded"


class Title(Fields):
    """What stands for the file in the report and in what is said of mistakes."""

    name: str = "body"


def declare(controls: Controls, play: Play, record: Record) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/recording")
    async def record_scenario(control: Control) -> Reply:
        text = record(control.query(Recorded).title, control.hosted)
        return Reply(body=text.encode(), content_type=b"application/yaml; charset=utf-8")

    @controls.on("POST", "/scenarios")
    async def play_scenario(control: Control) -> Reply:
        name = control.query(Title).name
        try:
            text = control.content.decode()
        except UnicodeDecodeError:
            raise Mistaken("body: expected UTF-8") from None
        return json_reply(await play(text, name, control.hosted))
