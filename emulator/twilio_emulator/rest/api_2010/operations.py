"""https://api.twilio.com/2010-04-01 as a table of operations: messages, numbers, keys, accounts."""

from collections.abc import Callable

from twilio_emulator.core.accounts import api_keys, subaccounts
from twilio_emulator.core.accounts.api_keys import AddApiKey, RemoveApiKey, UpdateApiKey
from twilio_emulator.core.accounts.subaccounts import AddSubaccount, UpdateAccount
from twilio_emulator.core.carrier import caller_id_verification
from twilio_emulator.core.carrier.caller_id_verification import (
    RemoveCallerId,
    RequestValidation,
    UpdateCallerId,
)
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.messaging import message_resource, send
from twilio_emulator.core.messaging.message_resource import (
    GiveFeedback,
    RemoveMedia,
    RemoveText,
    UpdateText,
)
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.senders import (
    available_numbers,
    number_listing,
    number_orders,
    twiml_apps,
)
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.senders.available_numbers import NumberSearch
from twilio_emulator.core.senders.number_orders import (
    BuyLocalNumber,
    BuyMobileNumber,
    BuyNumber,
    BuyTollFreeNumber,
    ReleaseNumber,
    UpdateNumber,
    UpdateShortCode,
)
from twilio_emulator.core.senders.refusals import BODY_TOO_LONG_OF_OLD
from twilio_emulator.core.senders.twiml_apps import (
    AddApplication,
    RemoveApplication,
    UpdateApplication,
)
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.resources import FaultRules
from twilio_emulator.rest.api_2010 import look, numbers_look
from twilio_emulator.rest.owners import owners_only
from twilio_emulator.wire import fault_answers
from twilio_emulator.wire.calls import (
    Answer,
    Call,
    Listing,
    Look,
    Parameters,
    Work,
    fetcher,
    performer,
)
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.pages_2010 import lister

api = Api("api.twilio.com", look.VERSION, extension=".json")

ACCOUNT = "/Accounts/{account}"
LONGEST_OLD = 160
"""Characters of a text by the SMS Message resource of old."""


def anybody(work: Work) -> Work:
    """The work as it is: any key may do it."""
    return work


def resource(
    path: str,
    item: str,
    shown: Look,
    key: str,
    *,
    list: Callable[..., Listing],
    fetch: Callable[..., object] | None = None,
    create: type[Command[object]] | None = None,
    update: type[Command[object]] | None = None,
    delete: type[Command[object]] | None = None,
    by: Callable[[Work], Work] = anybody,
) -> None:
    """Declare a resource in the form of this API, at `path` and `path` + `item`.

    `by` says who may do anything with it.
    """
    one = f"{ACCOUNT}{path}{item}.json"
    api.add("GET", f"{ACCOUNT}{path}.json", list, by(lister(list, shown, key)), ROOT)
    if create is not None:
        api.add("POST", f"{ACCOUNT}{path}.json", create, by(performer(create, shown, 201)), ROOT)
    if fetch is not None:
        api.add("GET", one, fetch, by(fetcher(fetch, shown)), ROOT)
    if update is not None:
        api.add("POST", one, update, by(performer(update, shown, 200)), ROOT)
    if delete is not None:
        api.add("DELETE", one, delete, by(performer(delete, None, 204)), ROOT)


resource(
    "/Messages",
    "/{text}",
    look.message,
    "messages",
    list=message_resource.list_texts,
    fetch=message_resource.fetch_text,
    update=UpdateText,
    delete=RemoveText,
)
resource(
    "/SMS/Messages",
    "/{text}",
    look.sms_message,
    "sms_messages",
    list=message_resource.list_texts,
    fetch=message_resource.fetch_text,
)
resource(
    "/Messages/{text}/Media",
    "/{media}",
    look.media,
    "media_list",
    list=message_resource.list_media,
    fetch=message_resource.fetch_media,
    delete=RemoveMedia,
)
for _path, _key in (("/Keys", "keys"), ("/SigningKeys", "signing_keys")):
    resource(
        _path,
        "/{key}",
        look.key,
        _key,
        list=api_keys.list_keys,
        fetch=api_keys.fetch_key,
        update=UpdateApiKey,
        delete=RemoveApiKey,
        by=owners_only,
    )
    api.add(
        "POST",
        f"{ACCOUNT}{_path}.json",
        AddApiKey,
        owners_only(performer(AddApiKey, look.new_key, 201)),
        ROOT,
    )
resource(
    "/IncomingPhoneNumbers",
    "/{number}",
    numbers_look.incoming_phone_number,
    "incoming_phone_numbers",
    list=number_listing.list_numbers,
    create=BuyNumber,
    fetch=number_listing.fetch_number,
    update=UpdateNumber,
    delete=ReleaseNumber,
)
resource(
    "/IncomingPhoneNumbers/Local",
    "",
    numbers_look.number_of_type,
    "incoming_phone_numbers",
    list=number_listing.list_local_numbers,
    create=BuyLocalNumber,
)
resource(
    "/IncomingPhoneNumbers/Mobile",
    "",
    numbers_look.number_of_type,
    "incoming_phone_numbers",
    list=number_listing.list_mobile_numbers,
    create=BuyMobileNumber,
)
resource(
    "/IncomingPhoneNumbers/TollFree",
    "",
    numbers_look.number_of_type,
    "incoming_phone_numbers",
    list=number_listing.list_toll_free_numbers,
    create=BuyTollFreeNumber,
)
resource(
    "/SMS/ShortCodes",
    "/{number}",
    numbers_look.short_code,
    "short_codes",
    list=number_listing.list_short_codes,
    fetch=number_listing.fetch_short_code,
    update=UpdateShortCode,
)
resource(
    "/Applications",
    "/{application}",
    numbers_look.application,
    "applications",
    list=twiml_apps.list_applications,
    create=AddApplication,
    fetch=twiml_apps.fetch_application,
    update=UpdateApplication,
    delete=RemoveApplication,
)
resource(
    "/OutgoingCallerIds",
    "/{caller_id}",
    numbers_look.caller_id,
    "outgoing_caller_ids",
    list=caller_id_verification.list_caller_ids,
    fetch=caller_id_verification.fetch_caller_id,
    update=UpdateCallerId,
    delete=RemoveCallerId,
)
api.add(
    "POST",
    f"{ACCOUNT}/OutgoingCallerIds.json",
    RequestValidation,
    performer(RequestValidation, numbers_look.validation, 200),
    ROOT,
)
api.add(
    "GET",
    "/Accounts.json",
    subaccounts.list_accounts,
    owners_only(lister(subaccounts.list_accounts, look.account, "accounts")),
    ROOT,
)
api.add(
    "POST",
    "/Accounts.json",
    AddSubaccount,
    owners_only(performer(AddSubaccount, look.account, 201)),
    ROOT,
)
api.add(
    "GET",
    f"{ACCOUNT}.json",
    subaccounts.fetch_account,
    owners_only(fetcher(subaccounts.fetch_account, look.account)),
    ROOT,
)
api.add(
    "POST",
    f"{ACCOUNT}/Messages/{{text}}/Feedback.json",
    GiveFeedback,
    performer(GiveFeedback, look.feedback, 200),
    ROOT,
)


_account_update = Parameters(UpdateAccount)


async def _update_account(call: Call) -> Answer:
    """Another name, or another status of a subaccount."""
    said = {**call.path, "caller": call.account_sid}
    wish = UpdateAccount(**_account_update.values(said, call.form, call))
    return Answer(200, look.account(await call.gate.perform(wish, call.origin), call))


api.add("POST", f"{ACCOUNT}.json", UpdateAccount, owners_only(_update_account), ROOT)


@api.operation("GET", f"{ACCOUNT}/AvailablePhoneNumbers.json", None, ROOT)
async def list_countries(call: Call) -> Answer:
    """Where numbers can be bought."""
    shown = [numbers_look.country(each, call) for each in available_numbers.COUNTRIES.values()]
    return Answer(200, {"countries": shown, "uri": call.resource})


@api.operation("GET", f"{ACCOUNT}/AvailablePhoneNumbers/{{country}}.json", None, ROOT)
async def fetch_country(call: Call) -> Answer:
    """Which types of numbers can be bought in a country."""
    found = available_numbers.find_country(call.path["country"])
    return Answer(200, numbers_look.country(found, call))


def search(kind: str) -> None:
    """Declare the list of numbers of one type that can be bought; it has no pages."""
    path = f"{ACCOUNT}/AvailablePhoneNumbers/{{country}}/{numbers_look.PATHS[kind]}.json"
    parameters = Parameters(NumberSearch)

    @api.operation("GET", path, NumberSearch, ROOT)
    async def list_available(call: Call) -> Answer:
        wanted = NumberSearch(**parameters.values({}, call.query, call))
        country = call.path["country"]
        found = available_numbers.search(call.world, country, kind, wanted, page_size(call))
        shown = [numbers_look.available_phone_number(each, call) for each in found]
        return Answer(200, {"available_phone_numbers": shown, "uri": call.resource})


def page_size(call: Call) -> int:
    """How many are asked for."""
    text = dict(call.query).get("PageSize", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return min(asked, available_numbers.MOST) or available_numbers.USUAL


for _kind in numbers_look.PATHS:
    search(_kind)

rehearsals = Api("api.twilio.com", look.VERSION, extension=".json")
"""What test credentials may do: nothing of it is kept."""

_text, _order = Parameters(CreateText), Parameters(BuyNumber)


@rehearsals.operation("POST", f"{ACCOUNT}/Messages.json", CreateText, ROOT)
async def rehearse_message(call: Call) -> Answer:
    """Check a text, without sending it."""
    wish = CreateText(**_text.of_form(call))
    return Answer(201, look.message(send.rehearse(call.world, wish), call))


@rehearsals.operation("POST", f"{ACCOUNT}/IncomingPhoneNumbers.json", BuyNumber, ROOT)
async def rehearse_number(call: Call) -> Answer:
    """Check an order, without buying."""
    wish = BuyNumber(**_order.of_form(call))
    shown = numbers_look.incoming_phone_number(number_orders.rehearse(call.world, wish), call)
    return Answer(201, shown)


def unless_a_fault_answers(work: Work) -> Work:
    """Work that sends a text, unless a fault answers in its place."""

    async def fail_or_work(call: Call) -> Answer:
        if len(call.world[FaultRules]):
            _fail(call)
        return await work(call)

    return fail_or_work


@record
class OldText:
    """What the SMS Message resource of old takes."""

    account: str
    to: str | None = None
    from_: str | None = None
    body: str | None = None
    status_callback: str | None = None
    application_sid: str | None = None


def _old_text(call: Call) -> CreateText:
    """The text that is asked for.

    Raises:
        Refused: 21605 it is longer than texts were (https://www.twilio.com/docs/api/errors/21605).
    """
    said = _old.of_form(call)
    if len(said.get("body", "")) > LONGEST_OLD:
        raise Refused(BODY_TOO_LONG_OF_OLD)
    return CreateText(**said)


async def _create_old(call: Call) -> Answer:
    done = await call.gate.perform(_old_text(call), call.origin)
    return Answer(201, look.sms_message(done, call))


@rehearsals.operation("POST", f"{ACCOUNT}/SMS/Messages.json", OldText, ROOT)
async def rehearse_old_message(call: Call) -> Answer:
    """Check a text of old, without sending it."""
    return Answer(201, look.sms_message(send.rehearse(call.world, _old_text(call)), call))


_old = Parameters(OldText)

for _path, _takes, _work in (
    ("/Messages", CreateText, performer(CreateText, look.message, 201)),
    ("/SMS/Messages", OldText, _create_old),
):
    api.add("POST", f"{ACCOUNT}{_path}.json", _takes, unless_a_fault_answers(_work), ROOT)


def _kept(call: Call, name: str) -> str | None:
    """An address that a request names, in its normal form."""
    said = dict(call.form).get(name)
    return kept(call.world.numbering, said) if said else None


def _fail(call: Call) -> None:
    """Raises:
    Refused: what a fault says that is for this request.
    """
    said = dict(call.form)
    rule = faults.for_request(
        call.world,
        to=_kept(call, "To"),
        sender=_kept(call, "From"),
        body=said.get("Body"),
        service=said.get("MessagingServiceSid"),
    )
    fault_answers.refuse(call, rule)
