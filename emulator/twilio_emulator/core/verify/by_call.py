"""Codes that are spoken: a phone rings, and who answers hears the code.

The rules of this file (https://www.twilio.com/docs/verify/api/verification):

- Where the service wants a key pressed (`dtmf_input_required`), so that no answering machine gets
  the code, it is told after that alone.
- What Twilio says in a call is not public: the sentence is that of a text, the request for a key is
  decided.
- The attempt follows the call; the verification does not: it stays pending whoever answers.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import calls
from twilio_emulator.core.phones.call_resources import (
    CODE,
    Asks,
    CallAnswered,
    CallEnded,
    CallStatus,
    HandsetRang,
)
from twilio_emulator.core.verify import attempts, errors, sms_texts
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyAttempts
from twilio_emulator.core.verify.wishes import SendWish

CALLER = "+12025550111"
"""Decided: where calls come from; Twilio has a pool that is nobody's."""

UNSPOKEN = frozenset({"et", "hr"})
"""Decided: languages that no voice speaks (60331), as the page of Twilio's voices has none for them
(https://www.twilio.com/docs/voice/twiml/say/text-speech)."""

GREETINGS = {
    "en": "Press any key to hear your code.",
    "de": "Drücken Sie eine beliebige Taste, um Ihren Code zu hören.",
    "es": "Pulse cualquier tecla para escuchar su código.",
    "fr": "Appuyez sur une touche pour entendre votre code.",
    "it": "Prema un tasto qualsiasi per ascoltare il codice.",
    "ja": "コードを聞くには、いずれかのキーを押してください。",
    "nl": "Druk op een willekeurige toets om uw code te horen.",
    "pt": "Prima qualquer tecla para ouvir o seu código.",
    "pt-BR": "Pressione qualquer tecla para ouvir seu código.",
}
"""Decided: what is said before a key is pressed, in English where nothing stands here."""


def check_spoken(world: World, wish: SendWish) -> SendWish:
    """Somebody can speak the language that is asked for."""
    if wish.channel is VerifyChannel.CALL and wish.language in UNSPOKEN:
        raise Refused(errors.UNSPOKEN_LANGUAGE)
    return wish


def send_call(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Call the recipient, and tell the code."""
    words = wish.template or sms_texts.sentence(verification, wish, CODE)
    call = calls.place(
        world,
        to=attempt.to,
        caller=CALLER,
        words=words,
        asks=Asks.ANY_KEY if wish.service.dtmf_input_required else Asks.NOTHING,
        greeting=GREETINGS.get(wish.language, GREETINGS["en"]),
        one_time_code=verification.code,
        language=wish.language,
        send_digits=wish.asked.send_digits or None,
        about=attempt.sid,
    )
    world[VerifyAttempts].put(
        replace(
            world[VerifyAttempts][attempt.sid],
            call_status=str(CallStatus.FAILED if call is None else call.status),
            body=words,
        )
    )


def follow_call(world: World, happened: HandsetRang | CallAnswered | CallEnded) -> None:
    """The call that tells a code goes on, or is over."""
    call = happened.call
    attempt = world[VerifyAttempts].get(call.about)
    if attempt is not None:
        attempts.changed(world, attempt, call_status=str(call.status), error_code=call.error_code)
