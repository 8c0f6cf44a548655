"""How Verify says no about passkeys.

Codes and texts are the titles of Twilio's error dictionary, such as
https://www.twilio.com/docs/api/errors/60371. Decided: it gives no status to any of them, so they
have the usual ones, 404 for what is not found and 400 for the rest; the texts of 60367, 60375 and
60380, whose pages are not known, are like those of their neighbours.
"""

from twilio_emulator.core.kernel.refusals import Refusal

INVALID_IDENTITY = Refusal(60367, 400, "Invalid entity identity")
INVALID_RELYING_PARTY = Refusal(60371, 400, "Relying party invalid or not provided")
INVALID_RELYING_PARTY_ID = Refusal(60372, 400, "Relying party id invalid or not provided")
INVALID_ID = Refusal(60375, 400, "Invalid id")
INVALID_RAW_ID = Refusal(60376, 400, "Invalid rawId")
INVALID_ATTACHMENT = Refusal(60377, 400, "Authenticator attachment invalid or not provided")
INVALID_RESPONSE = Refusal(60378, 400, "Authenticator response invalid or not provided")
INVALID_AUTHENTICATOR_DATA = Refusal(60379, 400, "Authenticator data invalid or not provided")
INVALID_CLIENT_DATA = Refusal(60380, 400, "Client data invalid or not provided")
INVALID_SIGNATURE = Refusal(60381, 400, "Signature invalid or not provided")
OTHER_RELYING_PARTY = Refusal(
    60382, 400, "Factor does not match the relying party of the challenge"
)
ILLEGAL_FACTOR_STATUS = Refusal(60383, 400, "Illegal factor status")
INVALID_ATTESTATION = Refusal(60386, 400, "Attestation object invalid or not provided")
INVALID_CREDENTIAL_DATA = Refusal(60387, 400, "Attested credential data invalid or not provided")
FACTOR_NOT_FOUND = Refusal(60390, 404, "Factor not found")
CHALLENGE_NOT_FOUND = Refusal(60391, 404, "Challenge not found")
ENTITY_NOT_FOUND = Refusal(60392, 404, "Entity not found")
CRITERIA_MISSING = Refusal(
    60393, 400, "Authenticator criteria are missing from the request: {missing}"
)
