"""Every way Twilio says no: code, status, message.

The texts are those of Twilio's answers; `{name}` is filled in on refusal. Transports turn a
`Refused` into their own form. Where Twilio publishes no status, the rule is: not found 404, already
exists 409, not authorised 403, too many 429, everything else 400.
"""

from typing import NamedTuple


class Refusal(NamedTuple):
    """One entry of Twilio's error dictionary (https://www.twilio.com/docs/api/errors)."""

    code: int
    status: int
    text: str


class Refused(Exception):
    """A command cannot be performed; the world is as it was.

    Args:
        refusal: which of Twilio's errors it is.
        filled: values for the placeholders of its text.

    Attributes:
        message: the text with what was filled in; a placeholder that nobody filled stays empty.
        reason: what Twilio does not say, for the log.
        headers: what Twilio says beside the text, such as when to try again.
    """

    reason: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def __init__(self, refusal: Refusal, **filled: str) -> None:
        self.refusal = refusal
        text = refusal.text
        self.message = text.format_map(_Blank(filled)) if "{" in text else text
        super().__init__(f"{refusal.code} {self.message}")

    @property
    def code(self) -> int:
        return self.refusal.code

    @property
    def status(self) -> int:
        return self.refusal.status


class Said(NamedTuple):
    """What a refusal said, for whoever keeps it.

    The exception itself is never kept: its traceback holds every frame that it came through, with
    all that is in them.
    """

    code: int
    message: str
    reason: str | None = None


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


# General
MISSING_PARAMETER = Refusal(20001, 400, "Missing required parameter {parameter} in the post body")
INVALID_PARAMETER = Refusal(20001, 400, "Invalid {parameter}.")
AUTHENTICATE = Refusal(20003, 401, "Authenticate")
METHOD_NOT_ALLOWED = Refusal(20004, 405, "Method not allowed")
ACCOUNT_NOT_ACTIVE = Refusal(20005, 403, "Account not active")
TEST_CREDENTIALS = Refusal(20008, 403, "Resource not accessible with Test Account Credentials")
NOT_FOUND = Refusal(20404, 404, "The requested resource {resource} was not found")
CONFLICT = Refusal(20409, 409, "Conflict")
TOO_MANY_REQUESTS = Refusal(20429, 429, "Too Many Requests")
TOO_LARGE = Refusal(20001, 413, "Request body is too large.")
MISSING_IDENTIFIER = Refusal(20001, 400, "Missing required parameter Identity or Address")
DEFAULT_SERVICE = Refusal(20001, 400, "The default Conversations Service cannot be deleted.")
ROLE_IN_USE = Refusal(20001, 400, "A default role, or one that is in use, cannot be deleted.")
SERVER_ERROR = Refusal(20500, 500, "Internal Server Error")

# Service, account, rate
FRIENDLY_NAME_NOT_PROVIDED = Refusal(50000, 400, "FriendlyName not provided")
FRIENDLY_NAME_TOO_LONG = Refusal(50003, 400, "Friendly name too long")
UNIQUE_NAME_TOO_LONG = Refusal(50004, 400, "Unique Name too long")
INVALID_WEBHOOK_URL = Refusal(50054, 400, "Invalid webhook format")
INVALID_WEBHOOK_METHOD = Refusal(50055, 400, "Invalid webhook method")
WEBHOOK_CANCELLED = Refusal(50056, 403, "Webhook cancelled processing of command")
NOTIFICATION_TEMPLATE_TOO_LONG = Refusal(50058, 400, "Notification template too long")
NOTIFICATION_SOUND_TOO_LONG = Refusal(50059, 400, "Notification sound name too long")
CONVERSATION_RATE_EXCEEDED = Refusal(50063, 429, "Actions per second limit exceeded")
ACCOUNT_RATE_EXCEEDED = Refusal(50074, 429, "Global actions per second limit exceeded")

# Roles
ROLE_NOT_FOUND = Refusal(50100, 404, "Role not found")
NOT_A_SERVICE_ROLE = Refusal(50102, 400, "Deployment role not found")
ROLE_SID_NOT_PROVIDED = Refusal(50103, 400, "Role SID not provided")
PERMISSION_NOT_FOUND = Refusal(50104, 400, "Permission not found")
INVALID_ROLE_TYPE = Refusal(50105, 400, "Invalid role type")
CREATOR_ROLE_NOT_FOUND = Refusal(50106, 400, "Channel creator role not found")
USER_UNAUTHORIZED = Refusal(50107, 403, "User unauthorized for command")
NOT_A_CONVERSATION_ROLE = Refusal(50109, 400, "Conversation role not found")

# Users
USER_NOT_FOUND = Refusal(50200, 404, "User not found")
USER_EXISTS = Refusal(50201, 409, "User already exists")
IDENTITY_RESERVED = Refusal(50203, 400, "Identity reserved")
IDENTITY_NOT_PROVIDED = Refusal(50204, 400, "Identity not provided")
USER_UNAUTHORIZED_TO_SET_ROLE = Refusal(50205, 403, "User unauthorized to set role")
IDENTITY_LIKE_SID = Refusal(50206, 400, "Identity should not match user SID pattern")
IDENTITY_TOO_LONG = Refusal(50207, 400, "Identity too long")
INVALID_BINDING_TYPE = Refusal(50209, 400, "Invalid binding type")
INVALID_NOTIFICATION_LEVEL = Refusal(50210, 400, "Invalid notification level")
IDENTITY_NOT_ACCEPTABLE = Refusal(
    50211,
    400,
    "Identity parameter not acceptable for this Participant",
)
USER_CONVERSATION_LIMIT = Refusal(50214, 400, "User conversation limit exceeded")

# Attributes, dates, author
ATTRIBUTES_TOO_LONG = Refusal(50303, 400, "Attributes too long")
ATTRIBUTES_NOT_JSON = Refusal(50304, 400, "Attributes not valid JSON")
INVALID_DATE_CREATED = Refusal(50308, 400, "Invalid Date Created parameter")
INVALID_DATE_UPDATED = Refusal(50309, 400, "Invalid Date Updated parameter")
AUTHOR_TOO_LONG = Refusal(50310, 400, "Author parameter is too long")

# Conversation
MESSAGING_SERVICE_NOT_PROVIDED = Refusal(50340, 400, "Messaging service SID not provided")
INVALID_MESSAGING_SERVICE = Refusal(50341, 400, "Invalid messaging service SID")
FOREIGN_MESSAGING_SERVICE = Refusal(50342, 400, "Messaging service does not belong to account")
CONVERSATION_NOT_FOUND = Refusal(50350, 404, "Conversation not found")
UNIQUE_NAME_TAKEN = Refusal(50353, 409, "Conversation with provided unique name already exists")
NO_MESSAGING_SERVICE = Refusal(50373, 400, "No Messaging Service assigned to Conversation")
STATE_EMPTY = Refusal(50374, 400, "'State' field can't be empty")
INACTIVE_TIMER_TOO_SHORT = Refusal(
    50375,
    400,
    "TimeToInactive should be greater or equal to 1 minute",
)
CLOSED_TIMER_TOO_SHORT = Refusal(
    50376,
    400,
    "TimeToClosed should be greater or equal to 10 minutes",
)
CONVERSATION_CLOSED = Refusal(50377, 400, "Can't update conversation as it's in final closed state")
INVALID_STATE = Refusal(50378, 400, "'State' parameter value is invalid")
INVALID_INACTIVE_TIMER = Refusal(50379, 400, "TimeToInactive format is invalid")
INVALID_CLOSED_TIMER = Refusal(50380, 400, "TimeToClosed format is invalid")
INITIAL_STATE_CLOSED = Refusal(50384, 400, "Initial state can't be 'closed'")
CONVERSATION_INITIALIZING = Refusal(
    50386,
    400,
    "Conversation in 'initializing' state may not be updated or used for message sending",
)
UNIQUE_NAME_LIKE_SID = Refusal(50390, 400, "Unique name should not match conversation sid pattern")

# Scoped webhooks
SCOPED_WEBHOOK_NOT_FOUND = Refusal(50360, 404, "Conversation webhook not found")
TOO_MANY_SCOPED_WEBHOOKS = Refusal(50361, 400, "Too many conversation webhooks")
TOO_MANY_TRIGGERS = Refusal(50362, 400, "Too many conversation webhook triggers")
INVALID_SCOPED_WEBHOOK_SID = Refusal(50363, 400, "Invalid conversation webhook SID")
INVALID_WEBHOOK_TARGET = Refusal(50364, 400, "Invalid conversation webhook type")
INVALID_WEBHOOK_FILTER = Refusal(50365, 400, "Invalid conversation webhook filter")
INVALID_WEBHOOK_TRIGGER = Refusal(50366, 400, "Invalid conversation webhook trigger")
INVALID_FLOW_SID = Refusal(50367, 400, "Invalid conversation webhook flow SID")
WEBHOOK_TARGET_NOT_PROVIDED = Refusal(50368, 400, "Conversation webhook type not provided")
WEBHOOK_URL_NOT_PROVIDED = Refusal(50369, 400, "Conversation webhook URL not provided")
WEBHOOK_FILTER_NOT_PROVIDED = Refusal(50370, 400, "Conversation webhook filter not provided")
WEBHOOK_TRIGGER_NOT_PROVIDED = Refusal(50371, 400, "Conversation webhook trigger not provided")
WEBHOOK_URL_TOO_LONG = Refusal(50372, 400, "Conversation webhook URL is too long")

# Participants
INVALID_ADDRESS = Refusal(50407, 400, "Invalid messaging binding address")
INVALID_PROXY_ADDRESS = Refusal(50408, 400, "Invalid participant proxy address")
ADDRESS_EQUALS_PROXY = Refusal(50409, 400, "Participant address equals proxy address")
ADDRESS_EMPTY = Refusal(50411, 400, "Participant address is empty")
PROXY_ADDRESS_EMPTY = Refusal(50412, 400, "Participant proxy address is empty")
PROXY_ADDRESS_NOT_OWNED = Refusal(50413, 400, "Account is not authorized to use proxy address")
ADDRESS_TYPE_MISMATCH = Refusal(
    50414,
    400,
    "Participant address type does not match proxy address type",
)
PROXY_NOT_WHATSAPP = Refusal(50415, 400, "Proxy address is not WhatsApp enabled sender")
BINDING_TAKEN = Refusal(
    50416,
    409,
    "A binding for this participant and proxy address already exists in Conversation "
    "{conversation}",
)
TOO_MANY_PARTICIPANTS = Refusal(50417, 400, "Participants limit exceeded")
TOO_MANY_NON_CHAT = Refusal(50418, 400, "Non-Chat participants limit exceeded")
BINDING_PARAMETERS_NOT_SUPPORTED = Refusal(
    50420,
    400,
    "Participant Messaging Binding type does not support all of the provided "
    "Messaging Binding parameters",
)
INVALID_LAST_READ_INDEX = Refusal(50421, 400, "Invalid last read message index format")
TOO_MANY_NON_CHAT_PARTICIPANTS = Refusal(
    50422,
    400,
    "Non-chat conversation participants limit exceeded",
)
# The dictionary says "Participant is not a member of conversation"; this is what came over the wire
# (https://github.com/twilio/conversations-ios/issues/49).
NOT_A_PARTICIPANT = Refusal(50430, 403, "User not participant of conversation")
PARTICIPANT_NOT_FOUND = Refusal(50432, 404, "Participant not found")
PARTICIPANT_EXISTS = Refusal(50433, 409, "Participant already exists")
PROJECTED_ADDRESS_NOT_PROVIDED = Refusal(50434, 400, "Participant projected address not provided")
GROUP_ACTIVATION_FAILED = Refusal(50435, 400, "Group MMS activation failed.")
GROUP_FULL = Refusal(50436, 400, "Participant limit exceeded for group conversation")
GROUP_PARTICIPANT_EXISTS = Refusal(50437, 409, "Group Participant already exists")
GROUP_TAKEN = Refusal(
    50438,
    409,
    "Group MMS with given participant list already exists as Conversation {conversation}",
)
PROJECTED_ADDRESS_NOT_OWNED = Refusal(
    50439,
    400,
    "Account is not authorized to use the projected address",
)
PROXY_ADDRESS_NOT_REMOVABLE = Refusal(
    50440,
    400,
    "Failed to remove the proxy address of a participant.",
)
PROXY_ADDRESS_NOT_ADDABLE = Refusal(50441, 400, "Failed to add a proxy address to a participant.")
PROJECTED_ADDRESS_NOT_REMOVABLE = Refusal(
    50442,
    400,
    "Failed to remove the projected address of a participant.",
)
PROJECTED_ADDRESS_NOT_ADDABLE = Refusal(
    50443,
    400,
    "Failed to add a projected address to a participant.",
)
IDENTITY_NOT_ADDABLE = Refusal(50444, 400, "Failed to add an identity to a participant.")
ONE_IDENTIFIER_ONLY = Refusal(
    50451,
    400,
    "One user identifier parameter for lookup at a time is allowed. Please, use "
    "either Identity or Address.",
)
GROUP_MMS_DISABLED = Refusal(50452, 403, "Group MMS is not enabled for this Account")
PROXY_ADDRESS_NOT_SUPPORTED = Refusal(
    50453,
    400,
    "Proxy Address of participant is not supported for this channel",
)

# ConversationWithParticipants
PAIRS_IN_USE = Refusal(
    50425,
    409,
    "Participant and proxy address pairs for one or more participants already in use.",
)
TOO_MANY_IN_REQUEST = Refusal(50426, 400, "Request contains too many participants.")

# Messages, media, content
MESSAGE_NOT_FOUND = Refusal(50500, 404, "Message not found")
MESSAGE_BODY_NOT_PROVIDED = Refusal(50503, 400, "Message body not provided")
MESSAGE_BODY_TOO_LONG = Refusal(50504, 400, "Message body parameter is too long")
MEDIA_SID_NOT_PROVIDED = Refusal(50506, 400, "Media SID not provided")
MEDIA_NOT_FOUND = Refusal(50507, 404, "Media not found")
MEDIA_ALREADY_SENT = Refusal(50508, 409, "Media already sent with another message")
INVALID_MEDIA_SID = Refusal(50510, 400, "Invalid message media SID")
INVALID_MEDIA_TYPE = Refusal(50511, 400, "Invalid message media content type")
MEDIA_TOO_LARGE = Refusal(50512, 400, "Message media size is too large")
AUTHOR_NOT_IN_GROUP = Refusal(50513, 400, "Message author should be among Group MMS participants.")
INVALID_CONTENT_SID = Refusal(50526, 400, "Invalid content SID")
INVALID_CONTENT_VARIABLES = Refusal(50527, 400, "Invalid content variables format")
CONTENT_SID_MISSING = Refusal(50528, 400, "Content SID is missing")
CONTENT_VARIABLES_TOO_LONG = Refusal(50529, 400, "Content variables are too long")
CONTENT_VARIABLE_KEY_TOO_LONG = Refusal(50540, 400, "Content variable key is too long")
CONTENT_VARIABLE_VALUE_TOO_LONG = Refusal(50541, 400, "Content variable value is too long")
UNSUPPORTED_CONTENT_TYPE = Refusal(50542, 400, "Unsupported Content Template Type")
