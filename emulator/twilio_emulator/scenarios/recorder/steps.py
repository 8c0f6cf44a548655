"""Commands that are no REST calls, as steps: what happens on phones, at the carrier, in time."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from twilio_emulator.core.kernel.records import plain
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.scenarios.recorder.names import Names, Step

Recorded = Callable[[Names, Any], Step | None]
"""From a command to the step that it comes from; None for one that is said otherwise."""


def _texts(names: Names, command: Any) -> Step:
    step: Step = {f"{names.phone(command.address)} texts": names.fill("body", command.body)}
    step["to"] = names.fill("to", command.to)
    if command.others:
        step["and to"] = [names.fill("to", other) for other in command.others]
    if command.channel is not None and command.channel not in ("sms", "whatsapp"):
        step["channel"] = command.channel
    urls = [media.url for media in command.media if media.url]  # a file has no words otherwise
    if urls:
        step["media"] = urls
    if command.reply_to:
        step["in reply to"] = names.of(command.reply_to)
    if command.forwarded:
        step["forwarded"] = True
    if command.location is not None:
        step["location"] = plain(command.location)
    if command.parameters:
        step["parameters"] = dict(command.parameters)
    return step


def _phone_has(names: Names, command: Any) -> Step | None:
    """A change of habits; the first of a phone that was not used yet is how it begins."""
    address = bare(command.address)
    habits = _fields(command, "address")
    if not names.has_phone(address):
        names.declare(address, habits)
        return None
    return {f"{names.phone(address)}'s phone has": habits} if habits else None


def _phone_is_gone(names: Names, command: Any) -> Step:
    return {f"DELETE /handsets/{command.address}": None}


def _reads(names: Names, command: Any) -> Step:
    return {f"{names.phone(command.address)} reads": names.of(command.item)}


def _reads_all(names: Names, command: Any) -> Step:
    return {f"POST /handsets/{command.address}/threads/{command.peer}/read": None}


def _carrier(names: Names, command: Any) -> Step:
    return {"PATCH /carrier": plain(command)}


def _fault(names: Names, command: Any) -> Step:
    match = _fields(command.match)
    if "sender" in match:
        match["from"] = match.pop("sender")
    said: Step = {"match": match, "do": plain(command.do)}
    if command.times is not None:
        said["times"] = command.times
    return {"fault": said}


def _no_faults(names: Names, command: Any) -> Step:
    if command.rule is None:
        return {"no faults": None}
    return {f"DELETE /faults/{names.embedded(command.rule, key='id')}": None}


def _receipt(names: Names, command: Any) -> Step:
    return {**_report(command), "of": names.of(command.text)}


def _release(names: Names, command: Any) -> Step:
    match = _fields(command.match)
    if not match:
        return _report(command)
    if "sender" in match:
        match["from"] = match.pop("sender")
    body: Step = {"match": match, "as": str(command.status)}
    if command.error_code is not None:
        body["error_code"] = command.error_code
    return {"POST /receipts/release": body}


def _report(command: Any) -> Step:
    step: Step = {"carrier reports": str(command.status)}
    if command.error_code is not None:
        step["error_code"] = command.error_code
    return step


def _opt_out(names: Names, command: Any) -> Step:
    scope = names.fill("scope", command.scope)
    return {"PUT /optouts": {"recipient": command.recipient, "scope": scope}}


def _no_opt_out(names: Names, command: Any) -> Step:
    scope = names.fill("scope", quote(command.scope))
    return {f"DELETE /optouts?recipient={quote(command.recipient)}&scope={scope}": None}


def _own_words(names: Names, command: Any) -> Step:
    service = names.embedded(command.service)
    body = {"wordings": plain(command.wordings)}
    return {f"PUT /services/{service}/advanced-optout": body}


def _window(names: Names, command: Any) -> Step:
    path = f"/whatsapp/windows/{command.handset}/{command.sender}"
    return {f"PATCH {path}": {"open_until": plain(command.open_until)}}


def _approval(names: Names, command: Any) -> Step:
    body: Step = {"status": command.status}
    if command.rejection_reason:
        body["reason"] = command.rejection_reason
    return {f"POST /content/{names.embedded(command.content)}/approval": body}


def _number(names: Names, command: Any) -> Step:
    return {f"PATCH /numbers/{command.address}": _fields(command, "address")}


def _service(names: Names, command: Any) -> Step:
    service = names.embedded(command.messaging_service)
    return {f"PATCH /services/{service}": _fields(command, "messaging_service")}


def _address_rules(names: Names, command: Any) -> Step:
    return {"PATCH /address-rules": plain(command)}


def _fraud(names: Names, command: Any) -> Step:
    body: Step = {"match": command.match, "as": command.error_code}
    for name, value in (
        ("channel", command.channel),
        ("for", command.lasts),
        ("times", command.times),
    ):
        if value is not None:
            body[name] = value
    return {"POST /verify/fraud": body}


def _no_fraud(names: Names, command: Any) -> Step:
    rule = "" if command.rule is None else f"/{names.embedded(command.rule, key='id')}"
    return {f"DELETE /verify/fraud{rule}": None}


def _shared_item(names: Names, command: Any) -> Step:
    """What clients do with an item of a map, whether or not it is there; REST cannot say that."""
    named = names.embedded(command.resource)
    the_map = named if named.startswith("${") else quote(named, safe="")
    body: Step = {"data": _value(command.data)}
    if command.ttl is not None:
        body["ttl"] = int(command.ttl)
    service = names.embedded(command.service)
    if service not in ("default", "${sync_service_sid}"):
        body["service"] = service
    return {f"PUT /sync/maps/{the_map}/items/{quote(command.key, safe='')}": body}


def _value(data: str | None) -> Any:
    """A value of Sync; what cannot be one, as it was said."""
    try:
        return json.loads(data or "")
    except (ValueError, RecursionError):
        return data


def _clock(names: Names, command: Any) -> None:
    """Nothing by itself: how late the next step is says it."""


def _fields(command: Any, *but: str) -> Step:
    fields = plain(command)
    assert isinstance(fields, dict)
    return {name: value for name, value in fields.items() if name not in but}


STEPS: dict[str, Recorded] = {
    "AddFault": _fault,
    "AddFraudRule": _fraud,
    "AddOptOut": _opt_out,
    "ChangeAddressRules": _address_rules,
    "ChangeApproval": _approval,
    "ChangeCarrier": _carrier,
    "ChangeHandset": _phone_has,
    "ChangeWindow": _window,
    "ConfigureAdvancedOptOut": _own_words,
    "MarkNumber": _number,
    "MarkService": _service,
    "MoveClock": _clock,
    "PutSyncMapItem": _shared_item,
    "ReadItem": _reads,
    "ReadThread": _reads_all,
    "ReleaseReceipts": _release,
    "RemoveFaults": _no_faults,
    "RemoveFraudRules": _no_fraud,
    "RemoveHandset": _phone_is_gone,
    "RemoveOptOut": _no_opt_out,
    "SendFromHandset": _texts,
    "SetReceipt": _receipt,
    "UpsertHandset": _phone_has,
}
"""By the name of the command."""
