"""How a process of our own looks for garbage, and one that is not ours is left alone."""

import asyncio
import gc
import socket
import weakref

from twilio_emulator.server import garbage
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings


class Thing:
    """Something that can refer to itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_new_is_looked_at_and_what_stays_is_left_out() -> None:
    before = gc.get_threshold()
    gc.collect()
    with garbage.kept_short():
        assert gc.get_threshold() == garbage.THRESHOLDS
        gone = weakref.ref(Thing())
        kept = [Thing() for _ in range(garbage.FEW)]
        garbage.look()
        assert gone() is None
        kept += [Thing() for _ in range(garbage.FEW)]
        garbage.look()
        left_out = {id(each) for each in gc.get_objects()}
        assert not any(id(each) in left_out for each in kept)
    assert gc.get_threshold() == before
    assert garbage._leave_out not in gc.callbacks
    assert gc.get_freeze_count() == 0


def test_little_is_not_worth_a_look() -> None:
    gc.collect()
    gc.disable()
    try:
        with garbage.kept_short():
            there = weakref.ref(Thing())
            garbage.look()
            assert there() is not None
    finally:
        gc.enable()
    gc.collect()
    assert there() is None


def test_what_is_left_out_goes_when_nobody_refers_to_it() -> None:
    with garbage.kept_short():
        kept = weakref.WeakSet[Thing]()
        things = {Thing()}
        kept.update(things)
        gc.collect()
        del things.pop().itself
        assert not kept


def test_a_process_that_is_not_ours_is_left_as_it_is() -> None:
    before = gc.get_threshold(), list(gc.callbacks), gc.get_freeze_count()
    with Serving(Settings(port=0), {}):
        assert (gc.get_threshold(), list(gc.callbacks), gc.get_freeze_count()) == before
        there = weakref.ref(Thing())
        gc.disable()
        try:
            garbage.look()
            assert there() is not None
        finally:
            gc.enable()
    gc.collect()


def test_a_transport_that_has_lost_its_connection_goes_by_itself() -> None:
    class Ends(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            self.over = asyncio.get_running_loop().create_future()

        def connection_lost(self, error: Exception | None) -> None:
            garbage.let_go(self.transport)
            garbage.let_go(object())  # as one of uvloop's, which has no attributes
            self.over.set_result(None)

    async def run() -> object:
        near, far = socket.socketpair()
        _, protocol = await asyncio.get_running_loop().create_connection(Ends, sock=near)
        gone = weakref.ref(protocol.transport)
        far.close()
        await asyncio.wait_for(protocol.over, 10)
        del _, protocol
        await asyncio.sleep(0)
        return gone()

    gc.collect()
    gc.disable()
    try:
        assert asyncio.run(run()) is None
    finally:
        gc.enable()
