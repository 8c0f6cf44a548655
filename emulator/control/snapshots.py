"""Snapshots of an account by the control API: all that it holds, saved and put back."""

from collections.abc import Callable

from emulator.core.plain import write_instant
from emulator.core.restoring import RestoreWorld
from emulator.wire.controls import Control, Controls, Reply, json_reply


def declare(controls: Controls, forget: Callable[[], None]) -> None:
    """Declare the calls of this file; `forget` forgets credentials that have been looked up."""

    @controls.on("GET", "/snapshot")
    async def save(control: Control) -> Reply:
        return json_reply(control.hosted.world.snapshot())

    @controls.on("PUT", "/snapshot")
    async def put_back(control: Control) -> Reply:
        hosted = control.hosted
        await hosted.gate.perform(RestoreWorld(snapshot=control.body(dict)))
        forget()
        return json_reply({"now": write_instant(hosted.world.now)})
