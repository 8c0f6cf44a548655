"""How Verify says no about entities, factors and challenges.

Codes and texts are those of Twilio's error dictionary (https://www.twilio.com/docs/api/errors);
its pages give a status to most. Decided: that of 60307, which has none, is the usual 400; a
parameter that is missing is 60300, one that is wrong 60306, since both titles fit both.
"""

from twilio_emulator.core.kernel.refusals import Refusal

INVALID_PARAM = Refusal(60300, 400, "Invalid Param")
ENTITY_EXISTS = Refusal(60301, 409, "Entity already exists")
INVALID_ACCESS_TOKEN = Refusal(60305, 400, "Access Token parameters are invalid")
INVALID_REQUEST = Refusal(60306, 400, "Invalid Request")
NO_PLATFORM_TO_NOTIFY = Refusal(
    60307, 400, "Cannot resend push notifications to 'none' notification platform"
)
CHALLENGE_ATTEMPTS_REACHED = Refusal(60308, 429, "Challenge verification attempts limit reached")
NOTIFICATIONS_REACHED = Refusal(60309, 429, "Push notifications limit reached for a Challenge")
FACTOR_ATTEMPTS_REACHED = Refusal(60310, 429, "Factor verification attempts reached")
FACTOR_VERIFICATION_FAILED = Refusal(60311, 403, "Factor verification failed")
CHALLENGES_REACHED = Refusal(60312, 429, "Challenge creation limit reached")
UNAUTHORIZED_FACTOR_CREATION = Refusal(60313, 403, "Unauthorized factor creation")
INVALID_BINDING = Refusal(60314, 400, "Factors binding format is invalid")
FACTORS_REACHED = Refusal(
    60315, 400, "Reached max limit of {limit} {type} Factors associated per Entity"
)
FACTOR_EXISTS = Refusal(60317, 409, "Factor already exists")
FACTOR_UNVERIFIED = Refusal(60318, 403, "Factor is unverified")
CHALLENGE_RESPONDED = Refusal(60322, 403, "Challenge already responded")
CHALLENGE_EXPIRED = Refusal(60323, 403, "Challenge expired")
CHALLENGE_VERIFICATION_FAILED = Refusal(60324, 403, "Challenge verification failed")
TOO_MANY_FACTORS = Refusal(60326, 429, "Too many requests to create factors for the entity")
