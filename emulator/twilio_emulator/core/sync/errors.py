"""The ways Sync says no.

Codes are those of Twilio's error dictionary (https://www.twilio.com/docs/api/errors), texts those
seen on the wire where they are known; others are decided, after those of the dictionary. The two
doors differ: REST says 20404 of whatever is not there, the socket says what it is. That REST says
so of services and permissions too, for which there are codes (54050, 54056, 54354), is decided.
"""

from twilio_emulator.core.kernel.refusals import MISSING_PARAMETER, Refusal, Refused

MALFORMED_IF_MATCH = Refusal(54003, 400, "Invalid If-Match header")
TOO_LARGE_FOR_SYNC = Refusal(54006, 413, "Request entity too large")
ACCESS_FORBIDDEN = Refusal(54007, 403, "Access forbidden for identity")
INVALID_ATTRIBUTE = Refusal(
    54008, 400, "Invalid request body: the type of one of the attributes is invalid"
)
SYNC_RATE_EXCEEDED = Refusal(54009, 429, "Rate limit exceeded")
"""Faults alone bring it about: no rate is limited here."""

NOTHING_TO_CHANGE = Refusal(54010, 400, "Invalid request body: no attributes to update")
"""Decided: of a service and a document alone; nothing said of another changes nothing."""

INVALID_TTL = Refusal(54011, 400, "Invalid TTL")
INVALID_WEBHOOK = Refusal(54051, 400, "Invalid webhook URL")
INVALID_FRIENDLY_NAME = Refusal(54053, 400, "Invalid friendly name")
INVALID_DEBOUNCING_WINDOW = Refusal(
    54008, 400, "Invalid reachability debouncing window"
)  # decided: the code of an attribute that cannot be

DOCUMENT_NOT_FOUND = Refusal(54100, 404, "Document not found")
DOCUMENT_REVISION = Refusal(
    54103, 412, "The revision of the Document does not match the expected revision"
)
LIST_NOT_FOUND = Refusal(54150, 404, "List not found")
LIST_ITEM_NOT_FOUND = Refusal(54151, 404, "Item not found")
LIST_ITEM_REVISION = Refusal(
    54155, 412, "The revision of the List Item does not match the expected revision"
)
MAP_NOT_FOUND = Refusal(54200, 404, "Map not found")
MAP_ITEM_NOT_FOUND = Refusal(54201, 404, "Item not found")
MAP_ITEM_REVISION = Refusal(
    54205, 412, "The revision of the Map Item does not match the expected revision"
)
MAP_KEY_TAKEN = Refusal(54208, 409, "An Item with given key already exists in the Map")
INVALID_MAP_KEY = Refusal(54209, 400, "Invalid Map item key")
STREAM_NOT_FOUND = Refusal(54250, 404, "Message Stream not found")

UNIQUE_NAME_NOT_FOUND = Refusal(54300, 404, "Unique name not found")
SYNC_NAME_TAKEN = Refusal(54301, 409, "Unique name already exists")
INVALID_UNIQUE_NAME = Refusal(
    54302,
    400,
    "Invalid unique name. Expected a string with length 1-320 not matching the SID pattern "
    "[A-Z]{{2}}[a-f0-9]{{32}}",
)
INVALID_SYNC_IDENTITY = Refusal(54351, 400, "Invalid identity")

INVALID_ORDER = Refusal(54451, 400, "Invalid order")
INVALID_BOUNDS = Refusal(54452, 400, "Invalid bounds")
INVALID_PAGE_TOKEN = Refusal(54453, 400, "Invalid page token")
INVALID_PAGE_SIZE = Refusal(54454, 400, "Invalid page size")
INVALID_INDEX = Refusal(54458, 400, "Invalid item index")


def required(parameter: str, value: str | None) -> str:
    """The value of a parameter that has to be said.

    Raises:
        Refused: 20001 it is not; that it is the general code is decided, as other APIs have it.
    """
    if value is None:
        raise Refused(MISSING_PARAMETER, parameter=parameter)
    return value


def flag(value: str) -> bool:
    """`true` or `false`, in any case.

    Raises:
        Refused: 54008 it is neither; the code is decided.
    """
    said = value.lower()
    if said not in ("true", "false"):
        raise Refused(INVALID_ATTRIBUTE)
    return said == "true"
