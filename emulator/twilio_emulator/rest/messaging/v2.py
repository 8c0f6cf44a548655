"""https://messaging.twilio.com/v2 as a table of operations: WhatsApp senders, typing indicators."""

import json
from typing import Any

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, MISSING_PARAMETER, Refused
from twilio_emulator.core.messaging.typing_indicators import ShowTyping
from twilio_emulator.core.senders import number_listing, whatsapp_senders
from twilio_emulator.core.senders.resources import PhoneNumber
from twilio_emulator.core.senders.whatsapp_senders import (
    CONFIGURATION,
    LISTS,
    TEXTS,
    WEBHOOK,
    AddChannelSender,
    RemoveChannelSender,
    UpdateChannelSender,
)
from twilio_emulator.wire.calls import Answer, Call, Parameters
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import camel

LARGEST_PAGE = 1000
PAGE_SIZE = 20

api = Api("messaging.twilio.com", "v2")


def sender(it: PhoneNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/whatsapp/api/senders"""
    kept = whatsapp_senders.profile_of(call.world, it.sid)
    configuration, profile = json.loads(kept.configuration), json.loads(kept.profile)
    return {
        "sid": it.sid,
        "status": "ONLINE",
        "sender_id": it.address,
        "friendly_name": it.friendly_name,
        "configuration": {name: configuration.get(name) for name in CONFIGURATION},
        "webhook": {name: getattr(it, field) for name, field in WEBHOOK.items()},
        "profile": {name: profile.get(name) for name in (*TEXTS, *LISTS)},
        "properties": None,
        "offline_reasons": None,
        "compliance": None,
        "url": f"{call.root}/Channels/Senders/{it.sid}",
    }


api.collection(
    "/Channels/Senders",
    "/{number}",
    sender,
    key="senders",
    list=number_listing.list_channel_senders,
    fetch=number_listing.fetch_channel_sender,
    delete=RemoveChannelSender,
    page_size=PAGE_SIZE,
    page_max=LARGEST_PAGE,
    where=ROOT,
)


@api.operation("POST", "/Channels/Senders", AddChannelSender, where=ROOT)
async def create_sender(call: Call) -> Answer:
    """A new sender."""
    said = _object(call)
    if not isinstance(said.get("sender_id"), str):
        raise Refused(MISSING_PARAMETER, parameter="sender_id")
    wish = AddChannelSender(
        account=call.account_sid, sender_id=said["sender_id"], **_settings(said)
    )
    return Answer(202, sender(await call.gate.perform(wish, call.origin), call))


@api.operation("POST", "/Channels/Senders/{number}", UpdateChannelSender, where=ROOT)
async def update_sender(call: Call) -> Answer:
    """A sender is set up otherwise."""
    wish = UpdateChannelSender(
        account=call.account_sid, number=call.path["number"], **_settings(_object(call))
    )
    return Answer(202, sender(await call.gate.perform(wish, call.origin), call))


_typing = Parameters(ShowTyping, camel)


@api.operation("POST", "/Indicators/Typing.json", ShowTyping, where=ROOT, spell=camel)
async def show_typing(call: Call) -> Answer:
    """An answer is being typed."""
    wish = ShowTyping(**_typing.of_form(call))
    await call.gate.perform(wish, call.origin)
    return Answer(200, {"success": True})


def _object(call: Call) -> dict[str, Any]:
    """The body.

    Raises:
        Refused: 20001 it is no JSON object.
    """
    said = parameters.json_object(call.body)
    if said is None:
        raise Refused(INVALID_PARAMETER, parameter="JSON body")
    return said


def _settings(said: dict[str, Any]) -> dict[str, Any]:
    """What is said of a sender, as a command takes it.

    Raises:
        Refused: 20001 something is not of its type.
    """
    settings: dict[str, Any] = {}
    if said.get("friendly_name") is not None:
        settings["friendly_name"] = _text("friendly_name", said["friendly_name"])
    for name, known in (("configuration", CONFIGURATION), ("webhook", tuple(WEBHOOK))):
        if said.get(name) is not None:
            settings[name] = _texts(name, said[name], known)
    if said.get("profile") is not None:
        profile = said["profile"]
        shown: dict[str, object] = _texts("profile", profile, TEXTS)
        for name in LISTS:
            if profile.get(name) is not None:
                if not isinstance(profile[name], list):
                    raise Refused(INVALID_PARAMETER, parameter=f"profile.{name}")
                shown[name] = profile[name]
        settings["profile"] = json.dumps(shown, ensure_ascii=False)
    return settings


def _texts(place: str, said: object, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Refused(INVALID_PARAMETER, parameter=place)
    given = {name: said[name] for name in known if said.get(name) is not None}
    return {name: _text(f"{place}.{name}", value) for name, value in given.items()}


def _text(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refused(INVALID_PARAMETER, parameter=place)
    return value
