"""The tables of operations of all products, but for those that need something of the server's."""

from twilio_emulator.rest.accounts import iam_v1, monitor_v1, oauth
from twilio_emulator.rest.api_2010 import operations
from twilio_emulator.rest.content import v1
from twilio_emulator.rest.conversations import flex_v2
from twilio_emulator.rest.conversations import v1 as conversations_v1
from twilio_emulator.rest.messaging import v1 as messaging_v1
from twilio_emulator.rest.messaging import v2

oauth.declare(iam_v1.api, oauth.as_it_is, 201)

APIS = (
    conversations_v1.api,
    messaging_v1.api,
    v2.api,
    operations.api,
    v1.api,
    v1.api_v2,
    iam_v1.api,
    iam_v1.accounts_api,
    monitor_v1.api,
    flex_v2.api,
    *oauth.APIS,
)

REHEARSALS = (operations.rehearsals,)
"""What test credentials may do."""
