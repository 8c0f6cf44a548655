"""That the handle in JavaScript has what the handle in Python has, by names of its own spelling."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields

import pytest

from tests.javascript.declared import Declared
from twilio_emulator import Emulator
from twilio_emulator.handle.authenticator import Authenticator
from twilio_emulator.handle.awaiting import Synchronous
from twilio_emulator.handle.clock import AccountClock
from twilio_emulator.handle.handset import Expectation, Handset
from twilio_emulator.handle.journal import Journal
from twilio_emulator.handle.mailbox import Mailbox, MailboxMessage
from twilio_emulator.handle.messages import HandsetMessage, Sent
from twilio_emulator.handle.orchestrator import Orchestrator
from twilio_emulator.handle.phone_calls import HandsetCall
from twilio_emulator.handle.sync import (
    SharedDocument,
    SharedList,
    SharedMap,
    SharedService,
    SharedStream,
)
from twilio_emulator.handle.verify import Verify

HANDLES = (
    *(Emulator, Handset, Expectation, AccountClock, Verify, Mailbox, Authenticator, Orchestrator),
    *(SharedService, SharedDocument, SharedList, SharedMap, SharedStream),
)
"""What both have, by the same names."""

RECORDS = (HandsetMessage, HandsetCall, MailboxMessage, Sent)

ELSEWHERE = {
    Journal: "`journal()` is a list, `journal(kind)` what is of one kind, and `sentences()` what "
    "`str(journal)` is, with what it `lacks`",
}
"""What is no class there."""

PYTHON_ALONE = {
    "Emulator.async_client": "Twilio's client for Node.js is asynchronous",
    "Emulator.redirection": "`twilio-emulator run` and `env` redirect a program",
    "Handset.await_text": "`wait` of the other is awaited",
}

JAVASCRIPT_ALONE = {
    "Emulator.start": "`with Emulator()` in Python",
    "Emulator.sentences": "`str(emulator.journal)`, or its `last()`, in Python",
    "Emulator.stop": "the end of the `with` block in Python",
    "Emulator.account": "`Emulator(url=...)`, and a fixture of pytest",
    "Handset.codes": "`wait().codes` in Python, where more than one comes",
}


@pytest.fixture(scope="module")
def declared(built: str) -> Declared:
    return Declared()


def camel(name: str) -> str:
    """A name as JavaScript spells it."""
    return re.sub(r"_(\w?)", lambda found: found[1].upper(), name)


def public(handle: type) -> set[str]:
    """The names of what a class has for everybody."""
    annotated = {name for each in handle.__mro__ for name in inspect.get_annotations(each)}
    return {name for name in {*dir(handle), *annotated} if not name.startswith("_")}


def below(handle: type) -> Iterator[type]:
    """The classes that are made of one, but for those that only others are made of."""
    for each in handle.__subclasses__():
        if each.__name__.startswith("_"):
            yield from below(each)
        else:
            yield each


def test_every_handle_is_compared() -> None:
    assert set(below(Synchronous)) == {*HANDLES, *ELSEWHERE}


@pytest.mark.parametrize("handle", HANDLES, ids=lambda handle: handle.__name__)
def test_a_handle_has_the_same_in_both(declared: Declared, handle: type) -> None:
    there = declared.members(handle.__name__).keys()
    here = {f"{handle.__name__}.{name}" for name in public(handle)} - PYTHON_ALONE.keys()
    names = {f"{handle.__name__}.{name}" for name in there} - JAVASCRIPT_ALONE.keys()
    assert {camel(name) for name in here} == names


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_holds_the_same_in_both(declared: Declared, record: type) -> None:
    there = declared.members(record.__name__).keys()
    assert {camel(each.name) for each in fields(record)} == there


@pytest.mark.parametrize("handle", HANDLES, ids=lambda handle: handle.__name__)
def test_what_is_said_by_name_in_python_can_be_said_in_both(
    declared: Declared, handle: type
) -> None:
    there = declared.members(handle.__name__)
    for name in public(handle):
        method: Callable[..., object] | None = getattr(handle, name, None)
        if f"{handle.__name__}.{name}" in PYTHON_ALONE or not inspect.isfunction(method):
            continue
        parameters = inspect.signature(method).parameters.values()
        by_name = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
        lacking = {camel(each) for each in by_name} - declared.words(there[camel(name)])
        assert not lacking, f"{handle.__name__}.{camel(name)} takes none of {lacking}"


def test_exceptions_are_there(declared: Declared) -> None:
    """None that is over stays on the lists."""
    handles = {handle.__name__: handle for handle in HANDLES}
    for each in PYTHON_ALONE:
        name, _, member = each.partition(".")
        assert member in public(handles[name])
    for each in JAVASCRIPT_ALONE:
        name, _, member = each.partition(".")
        assert member in declared.members(name)
