"""The safe list by REST (https://www.twilio.com/docs/verify/api/safe-list)."""

from twilio_emulator.core.verify import safe_list
from twilio_emulator.core.verify.safe_list import AddToSafeList, RemoveFromSafeList, SafeListEntry
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api


def declare(api: Api) -> None:
    """Declare the operations of this file. The list cannot be listed."""
    api.collection(
        "/SafeList/Numbers",
        "/{phone_number}",
        entry,
        create=AddToSafeList,
        fetch=safe_list.fetch_entry,
        delete=RemoveFromSafeList,
        where=ROOT,
    )


def entry(it: SafeListEntry, call: Call) -> dict[str, object]:
    """The address has the plus as it is, as in Twilio's example."""
    return {
        "sid": it.sid,
        "phone_number": it.phone_number,
        "url": f"{call.root}/SafeList/Numbers/{it.phone_number}",
    }
