"""An app that knows nothing of the emulator: Twilio's package, and the environment."""

import json
import os
import sys
import time

from twilio.rest import Client

client = Client()
conversation = client.conversations.v1.conversations.create(friendly_name="Parcel 42")
conversation.participants.create(
    messaging_binding_address="+12025550199",
    messaging_binding_proxy_address=os.environ["TWILIO_PHONE_NUMBER"],
)
conversation.participants.create(
    messaging_binding_address="whatsapp:+12025550123",
    messaging_binding_proxy_address="whatsapp:+14155238886",
)
conversation.participants.create(identity="alice")
message = conversation.messages.create(author="alice", body="It arrives tomorrow.")
begun = time.monotonic()
while len(messages := conversation.messages.list()) < 2:
    if time.monotonic() > begun + 40:
        sys.exit("Nobody has answered.")
    time.sleep(0.01)
receipts = message.delivery_receipts.list()
json.dump(
    {
        "messages": [[each.author, each.body] for each in messages],
        "receipts": sorted(each.status for each in receipts),
        "url": conversation.url,
    },
    sys.stdout,
)
