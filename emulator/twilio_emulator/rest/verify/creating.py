"""What stands before an operation that makes something, and what a refusal leaves behind.

The rules of this file:

- A fault rule with an error answers in place of the operation, as with texts: with a verification
  for the number, the channel and the service that it names, with what an entity has, and the entity
  itself, for the identity and the service. That is how codes such as 60212 and 60328 come about,
  which are of requests that meet others.
- A rule of the fraud guard that has refused is told of it, since the refusal changes nothing.
"""

from collections.abc import Callable

from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.resources import FaultRules
from twilio_emulator.core.verify import errors, factor_errors, fault_errors, fraud
from twilio_emulator.core.verify.factors import MOST, FactorType
from twilio_emulator.core.verify.fraud import BlockedByRule, NoteBlocked
from twilio_emulator.wire import fault_answers
from twilio_emulator.wire.calls import Answer, Call, Work

TEXTS = {
    each.code: each.text
    for module in (errors, factor_errors, fault_errors)
    for each in vars(module).values()
    if isinstance(each, Refusal) and each is not errors.INVALID  # 60200 is of the recipient here
}
"""What is said of an error that a fault names, where the fault does not say it."""


def guarded(work: Work) -> Work:
    """The creation of a verification, with all this around it."""

    async def create(call: Call) -> Answer:
        if len(call.world[FaultRules]):
            _fail_to_send(call)
        try:
            return await work(call)
        except BlockedByRule as blocked:
            call.gate.perform_now(NoteBlocked(rule=blocked.rule, to=blocked.to), call.origin)
            raise

    return create


def of_identity(work: Work, identity: Callable[[Call], str | None]) -> Work:
    """The creation of an entity, or of what one has, unless a fault answers in its place.

    Args:
        identity: whose it is, as the request says; None when it does not.
    """

    async def create(call: Call) -> Answer:
        if len(call.world[FaultRules]):
            _fail_for(call, identity(call))
        return await work(call)

    return create


def _fail_to_send(call: Call) -> None:
    said = dict(call.form)
    to, channel = spelled(said.get("To", "")), said.get("Channel", "").lower()
    rule = faults.for_request(
        call.world, to=to, sender=None, body=None, service=call.path["service"], channel=channel
    )
    if rule is None:
        return
    country = call.world.numbering.country(to) or fraud.NO_COUNTRY
    filled = {"value": to, "country": country, "channel": channel, "capitals": channel.upper()}
    fault_answers.refuse(call, rule, TEXTS, **filled)


def _fail_for(call: Call, identity: str | None) -> None:
    rule = faults.for_request(
        call.world,
        to=None,
        sender=None,
        body=None,
        service=call.path["service"],
        channel="",
        identity=identity,
    )
    push = FactorType.PUSH
    fault_answers.refuse(call, rule, TEXTS, limit=str(MOST[push]), type=push)
