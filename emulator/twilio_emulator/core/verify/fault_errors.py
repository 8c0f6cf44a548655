"""Ways Verify says no to which nothing leads here but a fault that names them.

Codes and titles are those of Twilio's error dictionary (https://www.twilio.com/docs/api/errors).
Decided: where it gives no status, too many is 429 and the rest 400.
"""

from twilio_emulator.core.kernel.refusals import Refusal

TOO_MANY_AT_ONCE = Refusal(60212, 429, "Too many concurrent requests for phone number")
MAIL_TEMPLATE_NOT_ACTIVE = Refusal(60218, 400, "SendGrid Template is not active")
MAIL_PLACEHOLDERS_MISSING = Refusal(
    60219, 400, "SendGrid Template does not contain required placeholders"
)
CHINA_USE_CASE = Refusal(60220, 400, "Messages to China require use case vetting")
MAIL_SENDER_NOT_VERIFIED = Refusal(
    60222, 403, "SendGrid The from address does not match a verified Sender Identity"
)
CHINA_FRIENDLY_NAME = Refusal(60226, 400, "Messages to China require friendly_name")
MAIL_WITHOUT_DOMAIN = Refusal(60236, 400, "The domain could not be obtained from the given email")
MAIL_DOMAIN_DENIED = Refusal(60237, 400, "The given domain is on a deny list")
WHATSAPP_TEMPLATE_NOT_FOUND = Refusal(60242, 400, "WhatsApp template not found")
ENTITIES_RATE_EXCEEDED = Refusal(60328, 429, "Entities rate limit exceeded")
MAIL_CREDITS_EXCEEDED = Refusal(60603, 401, "SendGrid maximum credits exceeded")
MAIL_NOT_AUTHORIZED = Refusal(60604, 401, "Authenticated user is not authorized to send mail")
TRIAL_RATE_EXCEEDED = Refusal(60624, 429, "Maximum rate limit for Trial Accounts")
NUMBER_CANCELLED = Refusal(60625, 400, "Phone Number is Cancelled")
NUMBER_RATE_EXCEEDED = Refusal(60626, 429, "Phone number rate limit exceeded")
