"""What a webhook of a Verify service is told of a factor or a challenge.

The rules of this file (https://www.twilio.com/docs/verify/api/webhooks):

- A service's webhooks hear of the events that they name, while they are enabled. Decided: when the
  service is deleted they hear, last of all, that its factors are.
- Decided: a form, signed as everywhere; that factors of every type are told; and what follows
  `factor_type`, where every copy of Twilio's page ends. Version `v1` is told identifiers alone.
"""

import json
from collections.abc import Iterator

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import challenges
from twilio_emulator.core.verify.challenges import (
    Challenge,
    ChallengeApproved,
    ChallengeDenied,
    instant,
)
from twilio_emulator.core.verify.factors import (
    Factor,
    FactorAdded,
    FactorRemoved,
    Factors,
    FactorVerified,
)
from twilio_emulator.core.verify.webhooks import ALL, ENABLED, V2, VerifyWebhook, webhooks_of
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.verify.manner import VERIFY

NAMES = {
    FactorAdded: "factor.created",
    FactorVerified: "factor.verified",
    FactorRemoved: "factor.deleted",
    ChallengeApproved: "challenge.approved",
    ChallengeDenied: "challenge.denied",
}

Event = FactorAdded | FactorVerified | FactorRemoved | ChallengeApproved | ChallengeDenied

Said = tuple[tuple[str, str], ...]

DISABLED = "the webhook is disabled"
NOT_NAMED = "its event_types do not name it"


def fired(world: World, event: Event, uuids: Iterator[str]) -> Iterator[Outcome]:
    """What each webhook of the service is told.

    Args:
        uuids: of which each that is told something gets one.
    """
    name = NAMES[type(event)]
    about = _subject(event)
    for webhook in _hearers(world, event, about.service_sid):
        why = _silent(webhook, name)
        decision = Decision(
            event=name,
            subject=about.sid,
            setting=f"webhook {webhook.sid}",
            url=webhook.webhook_url,
            sent=why is None,
            because=why or AS_SET,
        )
        request = None
        if why is None:
            request = Request(
                event=name,
                subject=about.sid,
                account_sid=about.account_sid,
                manner=VERIFY,
                url=webhook.webhook_url,
                method=webhook.webhook_method,
                parameters=_parameters(world, webhook, name, about, next(uuids)),
            )
        yield decision, request


def _hearers(world: World, event: Event, service_sid: str) -> tuple[VerifyWebhook, ...]:
    """The webhooks of a service, which may be gone already with all that was in it."""
    if isinstance(event, FactorRemoved):
        return event.webhooks
    return webhooks_of(world, service_sid)


def _subject(event: Event) -> Factor | Challenge:
    if isinstance(event, ChallengeApproved | ChallengeDenied):
        return event.challenge
    return event.factor


def _silent(webhook: VerifyWebhook, name: str) -> str | None:
    """Why a webhook is not told of an event; None when it is."""
    if webhook.status != ENABLED:
        return DISABLED
    return None if {name, ALL} & {*webhook.event_types} else NOT_NAMED


def _parameters(
    world: World, webhook: VerifyWebhook, name: str, about: Factor | Challenge, uuid: str
) -> Said:
    factor = about if isinstance(about, Factor) else world[Factors].get(about.factor_sid)
    challenge = about if isinstance(about, Challenge) else None
    said: dict[str, str | None] = {
        "uuid": uuid,
        "type": name,
        "account_sid": about.account_sid,
        "service_sid": about.service_sid,
        "entity_identity": about.identity,
        "factor_sid": None if factor is None else factor.sid,
        "factor_type": about.factor_type,
    }
    if webhook.version == V2 and factor is not None:
        said["factor_friendly_name"] = factor.friendly_name
    if challenge is not None:
        said["challenge_sid"] = challenge.sid
        if webhook.version == V2:
            said |= {
                "challenge_details": _json(challenges.details(challenge)),
                "challenge_hidden_details": _json(challenges.hidden_details(challenge)),
                "challenge_metadata": challenge.metadata,
                "challenge_expiration_date": instant(challenge.expiration_date),
            }
    return tuple((key, value) for key, value in said.items() if value is not None)


def _json(said: object) -> str | None:
    return None if said is None else json.dumps(said, ensure_ascii=False)
