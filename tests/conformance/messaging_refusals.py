"""How each way in which Twilio says no to messaging is brought about over HTTP.

Besides those of requests there are those that come later: as `error_code` of a message, and as
alerts about webhooks.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.conformance.inside import Inside, Said
from tests.conformance.messaging_walk import ANN, API, CONTENT, MESSAGING, NUMBER, WHATSAPP
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.carrier.opt_outs import AddOptOut
from twilio_emulator.core.content.templates import ChangeApproval
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.resources import PhoneNumbers, add_number
from twilio_emulator.core.simulation.settings import ChangeCarrier

OTHER = "+12025550101"
MAGIC_SENDER = "+15005550006"
TEMPLATE = {"language": "en", "types": {"twilio/text": {"body": "Hello {{1}}"}}}

Provoke = Callable[[Inside], Said]


def account(inside: Inside) -> str:
    """The URL of the account."""
    return f"{API}/Accounts/{inside.account_sid}"


def send(inside: Inside, **form: Any) -> Said:
    """Ask for a message to Ann, unless something else is said; None leaves a parameter out."""
    form = {"To": ANN, "From": NUMBER, "Body": "Hello", **form}
    given = {name: value for name, value in form.items() if value is not None}
    return inside.ask("POST", f"{account(inside)}/Messages.json", given)


def sending(**form: Any) -> Provoke:
    """A message that is refused whatever there is."""
    return lambda inside: send(inside, **form)


def of_old(**form: str) -> Provoke:
    """A message by the resource of old that is refused."""
    return lambda inside: inside.ask(
        "POST",
        f"{API}/Accounts/{inside.account_sid}/SMS/Messages.json",
        {"To": ANN, "From": NUMBER, **form},
    )


def by_service(**form: Any) -> Provoke:
    """A message of the default messaging service that is refused."""
    return lambda inside: send(
        inside, **{"From": None, "MessagingServiceSid": inside.messaging_service_sid, **form}
    )


def rehearsing(**form: Any) -> Provoke:
    """A message with test credentials."""

    def provoke(inside: Inside) -> Said:
        known = inside.world[Accounts][inside.account_sid]
        given = {"To": ANN, "From": MAGIC_SENDER, "Body": "Hello", **form}
        return inside.ask(
            "POST",
            f"{API}/Accounts/{known.test_account_sid}/Messages.json",
            given,
            auth=(known.test_account_sid, known.test_auth_token),
        )

    return provoke


def sent(inside: Inside, **form: Any) -> str:
    """The URL of a message that was asked for."""
    return f"{account(inside)}/Messages/{send(inside, **form)['sid']}.json"


def buying(**form: str) -> Provoke:
    return lambda inside: inside.ask("POST", f"{account(inside)}/IncomingPhoneNumbers.json", form)


def services(inside: Inside) -> str:
    return f"{MESSAGING}/v1/Services/{inside.messaging_service_sid}"


def empty_service(inside: Inside) -> str:
    """The sid of a messaging service without senders."""
    made = inside.made(f"{MESSAGING}/v1/Services", {"FriendlyName": "Empty"})
    return str(made["sid"])


def set_number(inside: Inside, address: str = NUMBER, **changes: Any) -> None:
    number = inside.world[PhoneNumbers].at(address)
    assert number is not None
    inside.world[PhoneNumbers].put(replace(number, **changes))


def carrier(**settings: Any) -> Callable[[Provoke], Provoke]:
    """Something under a carrier with these settings."""

    def under(provoke: Provoke) -> Provoke:
        def changed(inside: Inside) -> Said:
            inside.perform(ChangeCarrier(**settings))
            return provoke(inside)

        return changed

    return under


def phone(**settings: Any) -> Callable[[Provoke], Provoke]:
    """Something with Ann's phone so."""

    def under(provoke: Provoke) -> Provoke:
        def changed(inside: Inside) -> Said:
            inside.perform(UpsertHandset(address=ANN, **settings))
            return provoke(inside)

        return changed

    return under


def trial(provoke: Provoke) -> Provoke:
    """Something on a trial account."""

    def changed(inside: Inside) -> Said:
        known = inside.world[Accounts][inside.account_sid]
        inside.world[Accounts].put(replace(known, trial=True))
        return provoke(inside)

    return changed


def _foreign(inside: Inside) -> Said:
    set_number(inside, OTHER, account_sid="AC" + "2" * 32)
    return send(inside, From=OTHER)


def _for_calls(inside: Inside) -> Said:
    set_number(inside, sms=False)
    return send(inside)


def _without_mms(inside: Inside) -> Said:
    set_number(inside, mms=False)
    return send(inside, MediaUrl="https://example.com/a.png")


def _unsubscribed(inside: Inside) -> Said:
    inside.perform(AddOptOut(recipient=ANN, scope=inside.messaging_service_sid))
    return send(inside)


@carrier(throughput={"long-code": 1.0}, queue_seconds=1)
def _full(inside: Inside) -> Said:
    send(inside)
    return send(inside)


def _nobody(inside: Inside) -> Said:
    return send(inside, From=None, MessagingServiceSid=empty_service(inside))


def _pooled(kind: str, name: str, sid: Callable[[Inside], str]) -> Provoke:
    def provoke(inside: Inside) -> Said:
        return inside.ask("POST", f"{services(inside)}/{kind}", {name: sid(inside)})

    return provoke


def _number(inside: Inside) -> str:
    number = inside.world[PhoneNumbers].at(NUMBER)
    assert number is not None
    return number.sid


def _elsewhere(inside: Inside) -> Said:
    url = f"{MESSAGING}/v1/Services/{empty_service(inside)}/PhoneNumbers"
    return inside.ask("POST", url, {"PhoneNumberSid": _number(inside)})


def _mute(inside: Inside) -> str:
    number = add_number(inside.world, inside.account_sid, "+12025550110")
    inside.world[PhoneNumbers].put(replace(number, sms=False, mms=False))
    return number.sid


def _one_too_many(inside: Inside) -> str:
    for line in range(398):
        add_number(
            inside.world,
            inside.account_sid,
            f"+1303555{line:04}",
            messaging_service_sid=inside.messaging_service_sid,
        )
    return add_number(inside.world, inside.account_sid, "+12025550110").sid


def _handed_to_nobody(inside: Inside) -> Said:
    url = f"{account(inside)}/IncomingPhoneNumbers/{_number(inside)}.json"
    return inside.ask("POST", url, {"AccountSid": "AC" + "9" * 32})


def _verifying(*numbers: str) -> Provoke:
    def provoke(inside: Inside) -> Said:
        url = f"{account(inside)}/OutgoingCallerIds.json"
        for number in numbers:
            answer = inside.ask("POST", url, {"PhoneNumber": number})
            inside.advance(seconds=1)
        return answer

    return provoke


def _template(inside: Inside) -> str:
    return str(inside.made(f"{CONTENT}/v1/Content", said=TEMPLATE)["sid"])


def _quick_reply(inside: Inside) -> Said:
    types = {"twilio/quick-reply": {"body": "Sure?", "actions": [{"title": "Yes"}]}}
    made = inside.made(f"{CONTENT}/v1/Content", said={"language": "en", "types": types})
    return send(inside, ContentSid=made["sid"])


def _one_time_code(*, approved: bool, code: str = "424242") -> Provoke:
    def provoke(inside: Inside) -> Said:
        button = {"type": "COPY_CODE", "copy_code_text": "Copy"}
        types = {"whatsapp/authentication": {"actions": [button]}}
        made = inside.made(f"{CONTENT}/v1/Content", said={"language": "en", "types": types})
        if approved:
            change_approval(inside, made["sid"], "approved")
        variables = json.dumps({"1": code})
        return whatsapp(Body=None, ContentSid=made["sid"], ContentVariables=variables)(inside)

    return provoke


def _with_variables(variables: str) -> Provoke:
    return lambda inside: send(inside, ContentSid=_template(inside), ContentVariables=variables)


def _scheduled(**form: str) -> Provoke:
    return by_service(ScheduleType="fixed", **form)


def _feedback(inside: Inside) -> Said:
    url = sent(inside).replace(".json", "/Feedback.json")
    return inside.ask("POST", url, {"Outcome": "maybe"})


REFUSALS: dict[str, Provoke] = {
    # Creating a text: what is missing or malformed
    "TO_REQUIRED": sending(To=None),
    "FROM_REQUIRED": sending(From=None),
    "BODY_REQUIRED": sending(Body=""),
    "CONTENT_REQUIRED": sending(Body=None),
    "BODY_TOO_LONG": sending(Body="x" * 1601),
    "BODY_TOO_LONG_OF_OLD": of_old(Body="x" * 161),
    "INVALID_TO": sending(To="+14035550"),
    "INVALID_FROM": sending(From="+1"),
    "TO_IS_SHORT_CODE": sending(To="12345"),
    "INVALID_STATUS_CALLBACK": sending(StatusCallback="example"),
    "INVALID_MEDIA_URL": sending(MediaUrl="example"),
    "TOO_MANY_MEDIA": sending(MediaUrl=["https://example.com/a.png"] * 11),
    "INVALID_VALIDITY_PERIOD": sending(ValidityPeriod="36001"),
    "INVALID_MAX_PRICE": sending(MaxPrice="cheap"),
    "CONTENT_SID_REQUIRED": sending(ContentVariables="{}"),
    "INVALID_CONTENT_SID": sending(ContentSid="HX" + "0" * 32),
    "INVALID_CONTENT_VARIABLES": _with_variables('{"1": 1}'),
    "CONTENT_TYPE_NOT_ON_CHANNEL": _quick_reply,
    "INVALID_CONTENT_RETENTION": sending(ContentRetention="forget"),
    "INVALID_ADDRESS_RETENTION": sending(AddressRetention="forget"),
    "SEND_AT_REQUIRED": _scheduled(),
    "INVALID_SEND_AT": _scheduled(SendAt="soon"),
    "INVALID_SCHEDULE_TYPE": by_service(ScheduleType="daily", SendAt="2026-01-05T10:00:00Z"),
    "SEND_AT_OUT_OF_RANGE": _scheduled(SendAt="2026-01-05T09:14:59Z"),
    "SCHEDULE_NEEDS_SERVICE": sending(ScheduleType="fixed", SendAt="2026-01-05T10:00:00Z"),
    # Creating a text: who may send what to whom
    "NOT_A_TWILIO_NUMBER": sending(From="+15550001111"),
    "FOREIGN_FROM": _foreign,
    "FROM_NOT_SMS": _for_calls,
    "FROM_NOT_MMS": _without_mms,
    "SAME_NUMBERS": sending(To=NUMBER),
    "SAME_CHANNEL_ADDRESSES": sending(To=WHATSAPP, From=WHATSAPP),
    "CHANNELS_DIFFER": sending(To=f"whatsapp:{ANN}"),
    "NO_SUCH_CHANNEL_SENDER": sending(To=f"whatsapp:{ANN}", From="whatsapp:+12025550123"),
    "NAME_ON_TRIAL": trial(sending(From="ACME", To="+447700900123")),
    "UNVERIFIED": trial(sending()),
    "REGION_NOT_PERMITTED": carrier(forbidden_countries=("GB",))(sending(To="+447700900123")),
    "UNSUBSCRIBED": _unsubscribed,
    "QUEUE_FULL": _full,
    "NOT_REACHABLE": rehearsing(To="+15005550002"),
    "NOT_MOBILE": phone(channels=("whatsapp",))(carrier(lookup_at_api=True)(sending())),
    "LANDLINE": phone(line_type="landline")(carrier(lookup_at_api=True)(sending())),
    "NOT_OF_TEST_ACCOUNT": rehearsing(From="+15005550007"),
    "FALLBACK_WITH_FROM": sending(FallbackFrom=NUMBER),
    "INVALID_FALLBACK": by_service(FallbackFrom="+12025550123"),
    "FALLBACK_NEEDS_SERVICE": sending(From=None, FallbackFrom=NUMBER),
    "FALLBACK_NEEDS_RCS": by_service(FallbackFrom=NUMBER),
    # Messaging services
    "NO_SUCH_SERVICE": sending(MessagingServiceSid="MG" + "0" * 32),
    "NO_SENDER": by_service(To=f"whatsapp:{ANN}"),
    "EMPTY_POOL": _nobody,
    "INVALID_SERVICE": sending(MessagingServiceSid="MG1"),
    "SENDER_NAME_NOT_ALLOWED": by_service(From="ACME", To="+447700900123"),
    "ALREADY_IN_SERVICE": _pooled("PhoneNumbers", "PhoneNumberSid", _number),
    "NOT_IN_SERVICE": lambda inside: send(inside, MessagingServiceSid=empty_service(inside)),
    "IN_ANOTHER_SERVICE": _elsewhere,
    "POOL_FULL": _pooled("PhoneNumbers", "PhoneNumberSid", _one_too_many),
    "SENDER_NOT_CAPABLE": _pooled("PhoneNumbers", "PhoneNumberSid", _mute),
    # Texts that exist
    "PARAMETERS_NOT_VALID": lambda inside: inside.ask("POST", sent(inside), {"Body": "another"}),
    "NOT_CANCELABLE": lambda inside: inside.ask("POST", sent(inside), {"Status": "canceled"}),
    "NOT_COMPLETE": lambda inside: inside.ask("DELETE", sent(inside)),
    "INVALID_OUTCOME": _feedback,
    "INVALID_DATE": lambda inside: inside.ask(
        "GET", f"{account(inside)}/Messages.json", query={"DateSent": "yesterday"}
    ),
    "INVALID_PAGE_TOKEN": lambda inside: inside.ask(
        "GET", f"{account(inside)}/Messages.json", query={"PageToken": "PAMM1"}
    ),
    # Phone numbers
    "INVALID_PHONE_NUMBER": buying(PhoneNumber="+15005550001"),
    "NUMBER_NOT_AVAILABLE": buying(PhoneNumber="+15005550000"),
    "NUMBER_REQUIRED": buying(FriendlyName="Desk"),
    "FALLBACK_WITHOUT_URL": buying(
        PhoneNumber="+12025550110", SmsFallbackUrl="https://example.com/a"
    ),
    "AREA_CODE_NOT_AVAILABLE": buying(AreaCode="533"),
    "TAKER_NOT_ACTIVE": _handed_to_nobody,
    "ALREADY_VERIFIED": _verifying(ANN, ANN),
    "NOT_CALLABLE": _verifying("5"),
}

_CONTROL = "of the control API, where phones and the carrier are"

NEVER_OVER_REST = {
    "NO_SUCH_NUMBER": _CONTROL,
    "UNKNOWN_CHANNEL": _CONTROL,
    "NO_SUCH_HANDSET": _CONTROL,
    "NO_SUCH_ITEM": _CONTROL,
    "NO_SUCH_BUTTON": _CONTROL,
    "NO_SUCH_SENDER": _CONTROL,
    "NO_SUCH_TEXT": _CONTROL,
    "INVALID_SETTING": _CONTROL,
    "NOT_NOW": _CONTROL,
    "NO_SUCH_CALL": _CONTROL,
    "DOES_NOT_RING": _CONTROL,
    "NO_SUCH_MAILBOX": _CONTROL,
}
"""Entries of messaging_refusals.py that no REST call brings about, and why."""

NOT_IN_THE_CATALOGUE = {
    20403: "a standard key is told to authenticate (20003), as by the live API",
    21201: "of calls without To; a message without one is 21604",
    21601: "an older code for 21659",
    35114: "an older code for 35117",
}
"""Codes that Twilio documents for messaging and no REST call here is answered with."""


def every_refusal() -> dict[str, Refusal]:
    """All entries of messaging_refusals.py by name."""
    return {name: value for name, value in vars(refusals).items() if isinstance(value, Refusal)}


# What comes later


def _by(**form: Any) -> Callable[[Inside], Said]:
    return lambda inside: send(inside, **form)


def whatsapp(**form: Any) -> Callable[[Inside], Said]:
    return _by(To=f"whatsapp:{ANN}", From=WHATSAPP, **form)


def _wait(provoke: Provoke, **passed: float) -> Provoke:
    """Ask, and let so much time pass."""

    def waited(inside: Inside) -> Said:
        answer = provoke(inside)
        inside.advance(**passed)
        return answer

    return waited


def _of_suspended(inside: Inside) -> Said:
    sub = inside.made(f"{API}/Accounts.json", {"FriendlyName": "Branch"})["sid"]
    number = add_number(inside.world, sub, "+12025550110")
    inside.made(f"{API}/Accounts/{sub}.json", {"Status": "suspended"})
    form = {"To": ANN, "From": number.address, "Body": "Hello"}
    return inside.made(f"{API}/Accounts/{sub}/Messages.json", form)


def _without_window(inside: Inside) -> Said:
    whatsapp()(inside)
    inside.advance(hours=25)
    return whatsapp()(inside)


def _with_template(status: str, *, variables: str | None = None) -> Provoke:
    def provoke(inside: Inside) -> Said:
        sid = _template(inside)
        approval = f"{CONTENT}/v1/Content/{sid}/ApprovalRequests/whatsapp"
        inside.made(approval, said={"name": "hello", "category": "UTILITY"})
        if status != "approved":
            change_approval(inside, sid, status)
        return whatsapp(Body=None, ContentSid=sid, ContentVariables=variables)(inside)

    return provoke


def change_approval(inside: Inside, sid: str, status: str) -> None:
    inside.perform(ChangeApproval(account=inside.account_sid, content=sid, status=status))


def _in_sandbox(inside: Inside) -> Said:
    set_number(inside, WHATSAPP, sandbox_code="red-fox")
    return whatsapp()(inside)


def _opted_out(inside: Inside) -> Said:
    inside.perform(SendFromHandset(address=ANN, to=NUMBER, body="STOP"))
    return by_service()(inside)


def _toll_free(inside: Inside) -> Said:
    number = add_number(inside.world, inside.account_sid, "+18005550100")
    return send(inside, From=number.address)


def _abroad(inside: Inside) -> Said:
    service = empty_service(inside)
    code = add_number(inside.world, inside.account_sid, "12345")
    inside.world[PhoneNumbers].put(
        replace(code, country="CA", messaging_service_sid=service, mms=True)
    )
    return send(inside, From=None, MessagingServiceSid=service)


@carrier(throughput={"long-code": 1.0}, queue_seconds=1)
def _overflowing(inside: Inside) -> Said:
    for _ in range(2):
        send(inside, From=OTHER)
        set_number(inside, OTHER, messaging_service_sid=None)
        answer = by_service()(inside)
        inside.advance(milliseconds=5)
    return answer


LATER: dict[int, Provoke] = {
    21610: _opted_out,
    21703: _abroad,
    30001: _overflowing,
    30002: _of_suspended,
    30003: _wait(phone(network="airplane")(sending()), hours=49),
    30004: phone(blocked_senders=(NUMBER,))(sending()),
    30005: carrier(auto_provision=False)(sending()),
    30006: phone(line_type="landline")(sending()),
    30007: carrier(filters=("casino",))(sending(Body="A casino")),
    30011: phone(mms_supported=False)(sending(SendAsMms=True)),
    30032: carrier(profile="strict-us")(_toll_free),
    30034: carrier(profile="strict-us")(sending()),
    30036: _wait(
        carrier(throughput={"long-code": 0.01})(
            lambda inside: [send(inside), send(inside, ValidityPeriod="1")][1]
        ),
        seconds=2,
    ),
    63003: phone(channels=("sms",))(whatsapp()),
    63014: phone(blocked_senders=(WHATSAPP,))(whatsapp()),
    63015: _in_sandbox,
    63016: _without_window,
    63021: _one_time_code(approved=True, code="1" * 16),
    63027: _one_time_code(approved=False),
    63028: _with_template("approved"),
    63040: _with_template("rejected"),
    63041: _with_template("paused"),
    63042: _with_template("disabled"),
}
"""How messages come to have these codes without a fault being ordered."""
