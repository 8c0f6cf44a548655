"""One-time codes in a recording: each has the name of the step that read it, none is written down.

The rules of this file:

- A code is read where it arrives: on a phone, in a call, in a mailbox. One that was tried and that
  nobody saw arrive is looked up before that, as a test would do it.
- What an app made up itself, its own code or the secret of an authenticator app, becomes another of
  the same length: what it was is nobody's to know, and nothing depends on it.
"""

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.call_resources import CallAnswered, DigitsPressed
from twilio_emulator.core.phones.inbox import HandsetReceived
from twilio_emulator.core.phones.mailboxes import MailReceived
from twilio_emulator.core.verify import totp
from twilio_emulator.core.verify.challenge_commands import AddChallenge, AnswerChallenge
from twilio_emulator.core.verify.challenges import Challenges
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.factor_commands import AddFactor, UpdateFactor
from twilio_emulator.core.verify.factors import Factors
from twilio_emulator.core.verify.resources import LIVE, Verifications
from twilio_emulator.core.verify.wishes import AskedVerification
from twilio_emulator.scenarios.recorder.names import Names, Step

CALL = "call"


def arrival(names: Names, event: object) -> Step | None:
    """The step that reads a code which Twilio has sent; None for what brings none.

    A call says its code again whatever is pressed later: the first time counts.
    """
    match event:
        case HandsetReceived(item=item) if item.one_time_code is not None:
            step: Step = {f"{names.phone(item.handset)} gets a code": None, "by": str(item.channel)}
            names.learn_code(step, item.one_time_code)
        case CallAnswered(call=call) | DigitsPressed(call=call) if call.codes:
            if not names.hear(call.sid):
                return None
            step = {f"{names.phone(call.handset)} gets a code": None, "by": CALL}
            names.learn_code(step, call.codes[0])
        case MailReceived(mail=mail) if mail.one_time_code is not None:
            step = {f"{names.mailbox(mail.mailbox)}'s mailbox gets": {"from": mail.sender}}
            names.learn_code(step, mail.one_time_code, "mail", "codes.0")
        case _:
            return None
    return step


def instead(world: World, names: Names, command: object) -> dict[str, str]:
    """What a recording writes for the fields of a command that say a code or a secret.

    Args:
        world: as it is when the command was performed.
    """
    match command:
        case CheckVerification(code=str(code)) if code.strip():
            return _said("code", _tried(world, names, code.strip()))
        case UpdateFactor(auth_payload=str(code), factor=sid):
            return _said("auth_payload", _shown(world, names, sid, code))
        case AddChallenge(auth_payload=str(code), factor_sid=str(sid)):
            return _said("auth_payload", _shown(world, names, sid, code))
        case AnswerChallenge(auth_payload=str(code), challenge=sid):
            challenge = world[Challenges].get(sid)
            factor = (challenge and challenge.factor_sid) or ""
            return _said("auth_payload", _shown(world, names, factor, code))
        case AddFactor(binding_secret=str(secret)) if secret:
            return _said("binding_secret", _other_secret(secret))
        case AskedVerification(custom_code=str(code)):
            return {"custom_code": "0" * len(code)}
    return {}


def _said(field: str, text: str | None) -> dict[str, str]:
    return {} if text is None else {field: text}


def _tried(world: World, names: Names, code: str) -> str | None:
    """What stands for a code that was tried; None for one that none ever was."""
    known = names.code(code)
    if known is not None:
        return known
    found = next((each for each in world[Verifications] if each.code == code), None)
    if found is None:
        return None
    if found.status in LIVE or (found.checks and found.checks[-1].time == world.now):
        return names.read_code(code, f"/verifications/{names.embedded(found.sid)}/code")
    return "0" * len(code)


def _shown(world: World, names: Names, sid: str, code: str) -> str | None:
    """What stands for the code of an authenticator app; None for what it did not show."""
    known = names.code(code)
    factor = world[Factors].get(sid)
    if known is not None or factor is None or factor.totp is None:
        return known
    if totp.accepted_step(factor.totp, code, world.now, reuse=True) is None:
        return None
    return names.read_code(code, f"/totp/{names.embedded(factor.sid)}")


def _other_secret(secret: str) -> str | None:
    """As long a secret; None where that is none."""
    try:
        return "A" * len(totp.read_secret(secret))
    except Refused:
        return None
