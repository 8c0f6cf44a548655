"""Verify templates: other texts that a code can be told in.

The rules of this file (https://www.twilio.com/docs/verify/api/templates):

- Some are the same for everybody and approved. An account's own ones are made by Twilio's support,
  which is the control API here; an account only lists them.
- A text has variables in double braces. `code` is in every text; `friendly_name` and `ttl`, in
  minutes, are filled in; any other has its value from the request.
- Which one is taken: the first of `Templates` that fits, else `TemplateSid`, else the default one
  of the service, for SMS alone. A text that lacks the language is told in its own default one, with
  a warning to the developer.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.kernel.indexes import Ordered, Place
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.refusals import INVALID_SETTING
from twilio_emulator.core.simulation.choices import choose
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.json_parameters import json_texts, json_value, texts
from twilio_emulator.core.verify.wishes import SendWish

MOST_TEMPLATES = 10
"""How many `Templates` of a request may name."""

CODE = "code"

PLACES = re.compile(r"\{\{\s*([A-Za-z0-9_.\-]+)\s*\}\}")

OTHER_LANGUAGE = 60325
OTHER_CHANNEL = 60327
WARNINGS = {
    OTHER_LANGUAGE: "Translation for locale not found, using default",
    OTHER_CHANNEL: "Channel not supported by template; falling back to static message",
}
"""What a developer is warned of; the code is sent nevertheless."""

IN_TEMPLATES = {
    VerifyChannel.SMS: "sms",
    VerifyChannel.CALL: "voice",
    VerifyChannel.RCS: "rcs",
    VerifyChannel.AUTO: "sms",
}
"""What templates call the channels that they can be for; the others have none."""


NO_SUCH_TEMPLATE = Refusal(20404, 404, "There is no template {template} of this account")


class TranslationStatus(StrEnum):
    """Whether a text may be used."""

    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"


@record
class TemplateTranslation:
    """What a template says in one language."""

    locale: str
    text: str
    status: TranslationStatus = TranslationStatus.APPROVED
    is_default: bool = False


@record
class VerifyTemplate:
    """A template (HJ), with one text or more. One that everybody has is of no account."""

    sid: str
    account_sid: str
    friendly_name: str
    channels: tuple[str, ...]
    translations: tuple[TemplateTranslation, ...]
    date_created: datetime
    serial: int

    def translation(self, locale: str) -> TemplateTranslation | None:
        """Its text in a language."""
        wanted = locale.lower()
        return next((it for it in self.translations if it.locale.lower() == wanted), None)

    @property
    def default(self) -> TemplateTranslation:
        """Its text for all other languages."""
        marked = (each for each in self.translations if each.is_default)
        return next(marked, self.translations[0])


class VerifyTemplates(Table[VerifyTemplate]):
    """The accounts' own templates."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[VerifyTemplate] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        super().__init__(VerifyTemplate, self.by_account)


def _for_everybody(
    number: int, name: str, channels: tuple[str, ...], **texts: str
) -> VerifyTemplate:
    return VerifyTemplate(
        sid=f"HJ{number:032}",
        account_sid="",
        friendly_name=name,
        channels=channels,
        translations=tuple(
            TemplateTranslation(locale=locale, text=text, is_default=locale == "en")
            for locale, text in texts.items()
        ),
        date_created=datetime(2021, 7, 29, 20, 38, 28, tzinfo=UTC),
        serial=-number,
    )


SHIPPED = (
    _for_everybody(
        1,
        "Base Verification Template 2 with do not share",
        ("sms",),
        en=(
            "Your {{friendly_name}} verification code is: {{code}}. "
            "Do not share this code with anyone."
        ),
    ),
    _for_everybody(
        2,
        "Base Verification Template 3",
        ("sms", "voice"),
        en="Your verification code is: {{code}}. Do not share it.",
    ),
    _for_everybody(
        3,
        "Base Verification Template 1 with ttl",
        ("sms",),
        en=(
            "Your {{friendly_name}} verification code is: {{code}}. "
            "This code will expire in {{ttl}} minutes."
        ),
        nl=(
            "Uw {{friendly_name}}-verificatiecode is: {{code}}.. "
            "Deze code verloopt over {{ttl}} minuten. "
        ),
        ja=(
            "あなたの{{friendly_name}} 認証コード： {{code}}. このコードは、{{ttl}} 分間有効です。"
        ),
    ),
)
"""Texts that Twilio has for everybody, as they were seen, dots and blanks included. Their sids and
the name of the third are decided."""

_BY_SID = {each.sid: each for each in SHIPPED}


@event
class VerifyTemplateChanged:
    """An account has another template, or one less."""

    sid: str
    template: VerifyTemplate | None


@command
class AddVerifyTemplate:
    """Make a template for an account, as Twilio's support does.

    Attributes:
        channels: `sms`, `voice` and `rcs`.
        translations: the texts; one of them is the default, the first unless one says that it is.

    Raises:
        Refused: 20001 one of these is not what it should be.
    """

    account: str
    friendly_name: str
    channels: tuple[str, ...]
    translations: tuple[TemplateTranslation, ...]

    def apply(self, world: World) -> VerifyTemplate:
        self._check()
        default = next((it.locale for it in self.translations if it.is_default), None)
        default = default or self.translations[0].locale
        template = world[VerifyTemplates].put(
            VerifyTemplate(
                sid=world.sids.new("HJ"),
                account_sid=self.account,
                friendly_name=self.friendly_name,
                channels=self.channels,
                translations=tuple(
                    replace(each, is_default=each.locale == default) for each in self.translations
                ),
                date_created=world.now,
                serial=world.serial(),
            )
        )
        world.tell(VerifyTemplateChanged(sid=template.sid, template=template))
        return template

    def _check(self) -> None:
        if not self.friendly_name:
            raise _wrong("friendly_name", "names", "")
        if not self.channels:
            raise _wrong("channels", "sms, voice, rcs", "none")
        for channel in self.channels:
            choose("channels", channel, sorted(set(IN_TEMPLATES.values())))
        if not self.translations:
            raise _wrong("translations", "texts by their language", "none")
        for each in self.translations:
            if CODE not in _variables(each.text):
                raise _wrong("text", "texts with {{code}} in them", each.text)


@command
class RemoveVerifyTemplates:
    """Take one template from an account, or all that are its own."""

    account: str
    template: str | None = None

    def apply(self, world: World) -> None:
        table = world[VerifyTemplates]
        if self.template is None:
            gone = list(table.all(table.by_account, self.account))
        else:
            found = find_template(world, self.account, self.template)
            if found is None or found.sid in _BY_SID:
                raise Refused(NO_SUCH_TEMPLATE, template=self.template)
            gone = [found]
        for each in gone:
            table.remove(each.sid)
            world.tell(VerifyTemplateChanged(sid=each.sid, template=None))


def find_template(world: World, account: str, sid: str) -> VerifyTemplate | None:
    """A template that an account can use: one for everybody, or one of its own."""
    shipped = _BY_SID.get(sid)
    if shipped is not None:
        return shipped
    found = world[VerifyTemplates].get(sid)
    return found if found is not None and found.account_sid == account else None


class TemplateRows:
    """The templates of an account page by page, its own first, newest first."""

    def __init__(self, rows: list[VerifyTemplate]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[VerifyTemplate]:
        return iter(self._rows)

    def place(self, record: VerifyTemplate) -> Place:
        """Where a template stands."""
        return record.serial, record.sid

    def after(self, place: Place | None, size: int) -> tuple[list[VerifyTemplate], bool]:
        """Those that follow a place, or come first, and whether more follow."""
        left = [each for each in self._rows if place is None or self.place(each) < place]
        return left[:size], len(left) > size

    def before(self, place: Place, size: int) -> tuple[list[VerifyTemplate], bool]:
        """Those just before a place, and whether more stand before them."""
        left = [each for each in self._rows if self.place(each) > place]
        return left[-size:], len(left) > size


def list_templates(world: World, *, account: str, friendly_name: str | None = None) -> TemplateRows:
    """The templates that an account can use, those of a name alone if one is given."""
    table = world[VerifyTemplates]
    own = list(table.all(table.by_account, account))
    rows = [*reversed(own), *SHIPPED]
    if friendly_name:
        rows = [each for each in rows if each.friendly_name == friendly_name]
    return TemplateRows(rows)


class _Named(NamedTuple):
    """A template that a request names, and what it says of its variables."""

    template: VerifyTemplate
    values: Mapping[str, str]


def choose_template(world: World, wish: SendWish) -> SendWish:
    """Have the code told in the text that the request, or else the service, names.

    Raises:
        Refused: 60200 what is said is not to be read, 60201 the text is not approved, 60224 a
            variable has no value, 60227 or 60408 the channel has no such text, 60228 there is no
            such template.
    """
    asked = wish.asked
    if asked.templates:
        return _first_that_fits(wish, _read_templates(world, wish, asked.templates))
    said = asked.template_custom_substitutions
    values = json_texts("TemplateCustomSubstitutions", said) if said else {}
    if asked.template_sid:
        named = _find(world, wish, asked.template_sid)
        if _told(wish.channel) is None:
            raise Refused(errors.TEMPLATE_FOR_SMS_ALONE)
        return _filled(wish, _Named(named, values))
    default = wish.service.default_template_sid
    if default is None or wish.channel is not VerifyChannel.SMS:
        return wish
    template = find_template(world, wish.service.account_sid, default)
    return wish if template is None else _filled(wish, _Named(template, values))


def warn(world: World, wish: SendWish, verification_sid: str) -> None:
    """Warn the developer of what was told otherwise than asked."""
    for code in wish.warnings:
        RaiseAlert(
            account=wish.service.account_sid,
            error_code=code,
            alert_text=WARNINGS[code],
            resource_sid=verification_sid,
            log_level=LogLevel.WARNING,
        ).apply(world)


def _first_that_fits(wish: SendWish, named: list[_Named]) -> SendWish:
    """What is told of several: the first that is for the channel, has the language and all values.

    Decided: one without the language is better than none; when none is for the channel the default
    text is told, as the warning 60327 says, and what else is wrong refuses.
    """
    told = _told(wish.channel)
    for_channel = [each for each in named if told in each.template.channels]
    if not for_channel:
        return _warned(wish, OTHER_CHANNEL)
    with_language = [each for each in for_channel if each.template.translation(wish.language)]
    wrong: Refused | None = None
    for each in (*with_language, *for_channel):
        try:
            return _filled(wish, each)
        except Refused as refused:
            wrong = wrong or refused
    assert wrong is not None
    raise wrong


def _filled(wish: SendWish, named: _Named) -> SendWish:
    template, values = named
    if _told(wish.channel) not in template.channels:
        raise Refused(errors.CHANNEL_NOT_IN_TEMPLATE)
    translation = template.translation(wish.language)
    if translation is None:
        translation = template.default
        wish = _warned(wish, OTHER_LANGUAGE)
    if translation.status is not TranslationStatus.APPROVED:
        raise Refused(errors.TRANSLATION_NOT_APPROVED)
    known = {
        **values,
        "friendly_name": wish.friendly_name,
        "ttl": str(wish.service.code_ttl // 60),
        CODE: "{{code}}",
    }
    if not _variables(translation.text) <= known.keys():
        raise Refused(errors.SUBSTITUTIONS_MISSING)
    text = PLACES.sub(lambda place: known[place[1]], translation.text)
    return replace(wish, template=text, language=translation.locale)


def _read_templates(world: World, wish: SendWish, said: str) -> list[_Named]:
    """What `Templates` says: some templates in the order of preference."""
    read = json_value("Templates", said)
    if not isinstance(read, list) or not 1 <= len(read) <= MOST_TEMPLATES:
        raise errors.invalid("Templates")
    named: list[_Named] = []
    for each in read:
        sid = each.get("sid") if isinstance(each, dict) else None
        if not isinstance(sid, str):
            raise errors.invalid("Templates")
        values = texts("Templates", each.get("substitutions") or {})
        named.append(_Named(_find(world, wish, sid), values))
    return named


def _find(world: World, wish: SendWish, sid: str) -> VerifyTemplate:
    found = find_template(world, wish.service.account_sid, sid)
    if found is None:
        raise Refused(errors.TEMPLATE_NOT_FOUND)
    return found


def _told(channel: VerifyChannel) -> str | None:
    return IN_TEMPLATES.get(channel)


def _warned(wish: SendWish, code: int) -> SendWish:
    return replace(wish, warnings=(*wish.warnings, code))


def _variables(text: str) -> set[str]:
    return set(PLACES.findall(text))


def _wrong(name: str, choices: str, value: str) -> Refused:
    return Refused(INVALID_SETTING, name=name, choices=choices, value=value)
