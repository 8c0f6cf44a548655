"""Challenges and their notifications by REST (https://www.twilio.com/docs/verify/api/challenge,
https://www.twilio.com/docs/verify/api/notification)."""

import json

from twilio_emulator.core.verify import challenges, push_factors
from twilio_emulator.core.verify.challenge_commands import AddChallenge, AnswerChallenge
from twilio_emulator.core.verify.challenges import Challenge
from twilio_emulator.core.verify.notifications import AddPushNotification, PushNotification
from twilio_emulator.rest.verify.creating import of_identity
from twilio_emulator.rest.verify.entities import ENTITIES, entity_url, owner
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.wire.calls import FILE, Answer, Call, Parameters, performer
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso

CHALLENGES = f"{ENTITIES}/{{entity}}/Challenges"
NOTIFICATIONS = f"{CHALLENGES}/{{challenge}}/Notifications"

SIGNATURE_FIELDS = (b"twilio-verify-signature-fields", ",".join(push_factors.SIGNED).encode())

REASON = "none"
"""Decided: what Twilio calls the reason of an answer is not known."""

_fetched = Parameters(challenges.fetch_challenge)


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        CHALLENGES,
        "/{challenge}",
        challenge,
        key="challenges",
        list=challenges.list_challenges,
        update=AnswerChallenge,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )
    add = of_identity(performer(AddChallenge, challenge, 201, api.spell), owner)
    api.add("POST", CHALLENGES, AddChallenge, add, ROOT)
    api.add("GET", f"{CHALLENGES}/{{challenge}}", challenges.fetch_challenge, fetch, ROOT)
    api.collection(NOTIFICATIONS, "", notification, create=AddPushNotification, where=ROOT)


async def fetch(call: Call) -> Answer:
    """A challenge, with the names of what a device signs."""
    it = challenges.fetch_challenge(call.world, **_fetched.values(call.path, call.query, call))
    return Answer(200, challenge(it, call), FILE, (SIGNATURE_FIELDS,))


def challenge(it: Challenge, call: Call) -> dict[str, object]:
    """Decided: one that waits for an answer has null for when it was answered."""
    url = f"{entity_url(it.service_sid, it.identity or '', call)}/Challenges/{it.sid}"
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "entity_sid": it.entity_sid,
        "identity": it.identity,
        "factor_sid": it.factor_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "date_responded": iso(it.date_responded),
        "expiration_date": iso(it.expiration_date),
        "status": it.status,
        "responded_reason": REASON,
        "details": challenges.details(it),
        "hidden_details": challenges.hidden_details(it),
        "metadata": None if it.metadata is None else json.loads(it.metadata),
        "factor_type": it.factor_type,
        "url": url,
        "links": {"notifications": f"{url}/Notifications"},
    }


def notification(it: PushNotification, call: Call) -> dict[str, object]:
    """What a device is told."""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "entity_sid": it.entity_sid,
        "identity": it.identity,
        "challenge_sid": it.challenge_sid,
        "date_created": iso(it.date_created),
        "priority": "high",
        "ttl": it.ttl,
    }
