"""The ways Twilio says no to messaging, and what it reports when a text fails later.

Texts are those seen on the wire where they are known, else the titles of Twilio's error dictionary
(https://www.twilio.com/docs/api/errors).
"""

from twilio_emulator.core.kernel.refusals import Refusal

# Creating a text: what is missing or malformed
TO_REQUIRED = Refusal(21604, 400, "A 'To' phone number is required.")
FROM_REQUIRED = Refusal(21603, 400, "A 'From' phone number is required.")
BODY_REQUIRED = Refusal(21602, 400, "Message body is required.")
CONTENT_REQUIRED = Refusal(21619, 400, "A text message body or media urls must be specified.")
BODY_TOO_LONG = Refusal(
    21617, 400, "The concatenated message body exceeds the 1600 character limit."
)
BODY_TOO_LONG_OF_OLD = Refusal(21605, 400, "Maximum body length is 160 characters")
INVALID_TO = Refusal(21211, 400, "Invalid 'To' Phone Number: {number}")
INVALID_FROM = Refusal(
    21212,
    400,
    "The 'From' number {number} is not a valid phone number, shortcode, or alphanumeric sender ID.",
)
TO_IS_SHORT_CODE = Refusal(21265, 400, "'To' number cannot be a Short Code")
INVALID_STATUS_CALLBACK = Refusal(21609, 400, "Invalid 'StatusCallback'")
INVALID_MEDIA_URL = Refusal(21620, 400, "Invalid media URL(s)")
TOO_MANY_MEDIA = Refusal(21623, 400, "Number of media files exceeds allowed limit")
INVALID_VALIDITY_PERIOD = Refusal(21624, 400, "Invalid validity period value")
INVALID_MAX_PRICE = Refusal(21627, 400, "Max Price must be a valid float")
CONTENT_SID_REQUIRED = Refusal(21654, 400, "ContentSid Required")
INVALID_CONTENT_SID = Refusal(21655, 400, "The ContentSid is Invalid")
INVALID_CONTENT_VARIABLES = Refusal(21656, 400, "The ContentVariables Parameter is invalid")
CONTENT_TYPE_NOT_ON_CHANNEL = Refusal(216602, 400, "Content Type is not supported on this channel")
INVALID_CONTENT_RETENTION = Refusal(30029, 400, "Invalid ContentRetention")
INVALID_ADDRESS_RETENTION = Refusal(30030, 400, "Invalid AddressRetention")
SEND_AT_REQUIRED = Refusal(35111, 400, "SendAt cannot be empty for ScheduleType 'fixed'")
INVALID_SEND_AT = Refusal(35115, 400, "Scheduling does not support this timestamp")
INVALID_SCHEDULE_TYPE = Refusal(
    35126, 400, "The ScheduleType value provided is not supported for this channel"
)
SEND_AT_OUT_OF_RANGE = Refusal(
    35117,
    400,
    "SendAt time must be between 900 seconds and 35 days (3024000 seconds) in the future, "
    "inclusive.",
)
SCHEDULE_NEEDS_SERVICE = Refusal(
    35118, 400, "MessagingServiceSid is required to schedule a message"
)

# Creating a text: who may send what to whom
NOT_A_TWILIO_NUMBER = Refusal(
    21659, 400, "'From' {number} is not a Twilio phone number or Short Code country mismatch"
)
FOREIGN_FROM = Refusal(
    21660, 400, "Mismatch between the 'From' number {number} and the account {account}"
)
FROM_NOT_SMS = Refusal(21661, 400, "'From' number is not SMS-capable")
FROM_NOT_MMS = Refusal(21621, 400, "The 'From' number has not been enabled for MMS")
SAME_NUMBERS = Refusal(21266, 400, "'To' and 'From' numbers cannot be the same")
SAME_CHANNEL_ADDRESSES = Refusal(
    63031, 400, "Message cannot have the same To and From for account {account}"
)
CHANNELS_DIFFER = Refusal(
    21910, 400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"
)
NO_SUCH_CHANNEL_SENDER = Refusal(
    63007, 400, "Twilio could not find a Channel with the specified From address"
)
NAME_ON_TRIAL = Refusal(
    21267,
    400,
    "Alphanumeric Sender ID cannot be used as the 'From' number on trial accounts",
)
UNVERIFIED = Refusal(
    21608,
    400,
    "The number {number} is unverified. Trial accounts cannot send messages to unverified numbers; "
    "verify {number} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio "
    "number to send messages to unverified numbers",
)
REGION_NOT_PERMITTED = Refusal(
    21408,
    400,
    "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: "
    "{number}",
)
UNSUBSCRIBED = Refusal(21610, 400, "Attempt to send to unsubscribed recipient")
QUEUE_FULL = Refusal(21611, 429, "SMS queue is full.")
NOT_REACHABLE = Refusal(
    21612,
    400,
    "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: "
    "{sender} via {channel}.",
)
NOT_MOBILE = Refusal(21614, 400, "To number: {number}, is not a mobile number")
LANDLINE = Refusal(21635, 400, "'To' number cannot be a landline")
NOT_OF_TEST_ACCOUNT = Refusal(
    21606,
    400,
    "The From phone number {number} is not a valid, SMS-capable inbound phone number or short code "
    "for your account.",
)

# Messaging services
NO_SUCH_SERVICE = Refusal(21701, 400, "The Messaging Service does not exist")
NO_SENDER = Refusal(
    21703,
    400,
    "The Messaging Service does not have a phone number available to send a message",
)
EMPTY_POOL = Refusal(21704, 400, "The Messaging Service contains no phone numbers")
INVALID_SERVICE = Refusal(21705, 400, "The Messaging Service is invalid")
SENDER_NAME_NOT_ALLOWED = Refusal(
    21709, 400, "Alpha Sender ID is Invalid or Not Authorized for this Messaging Service"
)
ALREADY_IN_SERVICE = Refusal(21710, 409, "Phone Number Already Exists in Messaging Service")
NOT_IN_SERVICE = Refusal(
    21711, 400, "Sender is not associated with the specified Messaging Service"
)
IN_ANOTHER_SERVICE = Refusal(
    21712,
    409,
    "Phone Number or Short Code is associated with another Messaging Service.",
)

POOL_FULL = Refusal(21714, 409, "Messaging Service Number Pool size limit reached")
SENDER_NOT_CAPABLE = Refusal(
    21715, 400, "Phone Number Does Not Have Correct Messaging Service Capabilities"
)
FALLBACK_WITH_FROM = Refusal(21664, 400, "'FallbackFrom' cannot be used with a 'From' sender")
INVALID_FALLBACK = Refusal(21665, 400, "Invalid 'FallbackFrom' sender")
FALLBACK_NEEDS_SERVICE = Refusal(21666, 400, "'FallbackFrom' requires MessagingServiceSid")
FALLBACK_NEEDS_RCS = Refusal(
    21667, 400, "'FallbackFrom' requires the Messaging Service to have an RCS Sender"
)

# Texts that exist
PARAMETERS_NOT_VALID = Refusal(30400, 400, "Parameters are not valid")
NOT_CANCELABLE = Refusal(30409, 409, "This message cannot be canceled")
NOT_COMPLETE = Refusal(20009, 409, "Cannot delete this resource before it is complete")
INVALID_OUTCOME = Refusal(20001, 400, "Outcome must be 'confirmed' or 'unconfirmed'")
INVALID_DATE = Refusal(20001, 400, "Invalid date.")

INVALID_PAGE_TOKEN = Refusal(21481, 400, "Invalid PageToken")

# Phone numbers
INVALID_PHONE_NUMBER = Refusal(21421, 400, "PhoneNumber is invalid")
NUMBER_NOT_AVAILABLE = Refusal(21422, 400, "PhoneNumber is not available")
NUMBER_REQUIRED = Refusal(21424, 400, "Either PhoneNumber or AreaCode is required")
FALLBACK_WITHOUT_URL = Refusal(21406, 400, "SmsFallbackUrl requires an SmsUrl")
AREA_CODE_NOT_AVAILABLE = Refusal(21452, 400, "No phone numbers found in area code {code}")
TAKER_NOT_ACTIVE = Refusal(21472, 400, "Account is not active")
ALREADY_VERIFIED = Refusal(21450, 400, "Phone number already validated on your account")
NOT_CALLABLE = Refusal(21217, 400, "Phone number does not appear to be valid")

# Handsets and the carrier: not Twilio's, but asked of the same world
NO_SUCH_NUMBER = Refusal(
    20404, 404, "{number} is not a number of this account, nor in a conversation with {handset}"
)
UNKNOWN_CHANNEL = Refusal(20001, 400, "{channel} is not a channel; sms, whatsapp and rcs are")
NO_SUCH_HANDSET = Refusal(20404, 404, "There is no handset {handset}")
NO_SUCH_ITEM = Refusal(20404, 404, "Handset {handset} holds no message {item}")
NO_SUCH_CALL = Refusal(20404, 404, "Handset {handset} has no call {call}")
DOES_NOT_RING = Refusal(20409, 409, "A call that is {status} cannot be answered")
NO_SUCH_MAILBOX = Refusal(20404, 404, "There is no mailbox {mailbox}")
NO_SUCH_BUTTON = Refusal(20404, 404, "Message {item} has no button {button}")
NO_SUCH_SENDER = Refusal(20404, 404, "{number} is not a number of this account")
NO_SUCH_TEXT = Refusal(20404, 404, "There is no message {text}")
INVALID_SETTING = Refusal(20001, 400, "{name} is one of {choices}, not {value}")
NOT_NOW = Refusal(20409, 409, "A message that is {status} cannot become {wanted}")

LATER = {
    11200: "HTTP retrieval failure",
    12300: "Invalid Content-Type",
    21408: "Permission to send an SMS has not been enabled for the region",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21703: "The Messaging Service does not have a phone number available to send a message",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30009: "Missing inbound segment",
    30010: "Message price exceeds max price",
    30011: "MMS not supported by the receiving phone number in this region",
    30017: "Carrier network congestion",
    30019: "Content size exceeds carrier limit",
    30022: "US A2P 10DLC - Rate Limits Exceeded",
    30023: "US A2P 10DLC - Daily Message Cap Reached",
    30027: "US A2P 10DLC - T-Mobile Daily Message Limit Reached",
    30032: "Toll-Free Number Has Not Been Verified",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    30036: "Validity Period Expired",
    30039: "Filtered to Prevent Message Loops",
    30044: "Trial Message Length Exceeded",
    63003: "Channel could not find To address",
    63013: "Channel policy violation",
    63014: "Blocked by user",
    63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
    63016: (
        "Failed to send freeform message because you are outside the allowed window. "
        "If you are using WhatsApp, please use a Message Template."
    ),
    63018: "Rate limit exceeded for Channel",
    63019: "Media failed to download",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
    63040: "Template rejected",
    63041: "Template paused",
    63042: "Template disabled",
    63027: "Template does not exist for a language and locale",
    63028: "Number of parameters provided does not match the expected number of parameters",
    63032: "WhatsApp limitation",
    63033: "Recipient opted out",
    63049: "Meta chose not to deliver",
    63050: "Recipient opted out of marketing",
}
"""What `error_message` says of a text that failed or was not delivered."""

NEVER_LEFT = frozenset(
    {11200, 12300, 21408, 21610, 21617, 21703, 30001, 30002, 30010, 30011, 30022, 30023, 30027}
    | {30036, 30039, 30044, 63019, 63021}
)
"""Codes of texts that never left Twilio: these are `failed`, all others `undelivered`."""
