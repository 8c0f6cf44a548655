"""What a request to send a code asks for: as it was said, and as it was read."""

from collections.abc import Callable

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyService


@record
class AskedVerification:
    """The parameters of a request to send a code, as they were said
    (https://www.twilio.com/docs/verify/api/verification).

    Attributes:
        to: a number in E.164 form, or an e-mail address.
        channel: how the code goes there.
        custom_friendly_name: what is said in place of the service's name.
        custom_message: obsolete; nothing follows from it.
        send_digits: keys that a call presses before it speaks.
        locale: the language.
        custom_code: the account's own code.
        amount: of the payment that is confirmed.
        payee: of that payment.
        rate_limits: JSON, the account's values by the names of its rate limits.
        channel_configuration: JSON, what is different on a channel.
        app_hash: which Android app is to read the code.
        template_sid: which text is said.
        template_custom_substitutions: JSON, what the text's variables are.
        templates: JSON, several of them, of which the first that fits is said.
        device_ip: where the person is.
        enable_sna_client_token: whether the phone gets a token to show.
        risk_check: `enable` or `disable`.
        tags: JSON, what the account wants to find again.
    """

    to: str | None = None
    channel: str | None = None
    custom_friendly_name: str | None = None
    custom_message: str | None = None
    send_digits: str | None = None
    locale: str | None = None
    custom_code: str | None = None
    amount: str | None = None
    payee: str | None = None
    rate_limits: str | None = None
    channel_configuration: str | None = None
    app_hash: str | None = None
    template_sid: str | None = None
    template_custom_substitutions: str | None = None
    templates: str | None = None
    device_ip: str | None = None
    enable_sna_client_token: str | None = None
    risk_check: str | None = None
    tags: str | None = None


@record
class SendWish:
    """A request to send a code, as far as it has been read.

    Attributes:
        service: whose request it is.
        asked: what was said.
        channel: by which the code goes; never `auto` after that one has chosen.
        to: the recipient.
        country: of the recipient's number, ISO 3166.
        live: the verification that is live for the recipient, whose code is sent again.
        friendly_name: what the code is called after.
        locale: the language that was asked for, as a language tag.
        language: the language in which it is told.
        template: the text that is said in place of the default one, with its variables filled but
            for `{{code}}`.
        risk_check: whether fraud and geography matter.
        rate_limits: the values that are counted, by the names of the account's limits.
        warnings: codes of what the account is warned of once the code is sent.
    """

    service: VerifyService
    asked: AskedVerification
    channel: VerifyChannel
    to: str
    country: str | None
    live: Verification | None
    friendly_name: str
    locale: str | None
    language: str
    template: str | None = None
    risk_check: bool = True
    rate_limits: tuple[tuple[str, str], ...] = ()
    warnings: tuple[int, ...] = ()


Check = Callable[[World, SendWish], SendWish]
"""One question about a request to send: it answers what is wished now, or refuses and has changed
nothing."""

Sender = Callable[[World, Verification, Attempt, SendWish], None]
"""Sends the code of a verification by one channel. Both are kept already; what it learns, it keeps
of them itself. It does not refuse: what may be wrong is a check."""
