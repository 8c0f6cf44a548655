"""Verify templates by the control API, which is Twilio's support here."""

from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.verify import templates
from twilio_emulator.core.verify.templates import (
    AddVerifyTemplate,
    RemoveVerifyTemplates,
    TemplateTranslation,
    TranslationStatus,
    VerifyTemplate,
)

TEMPLATE = {
    "verify_template": Place(words="The template's sid (HJ).", example="HJ" + "3" * 32),
}


class NewTranslation(Fields):
    """What a template says in one language.

    Attributes:
        text: with `{{code}}`, and with `{{friendly_name}}`, `{{ttl}}` and others as wished.
        status: whether it may be used.
        default: whether it is for all languages that have none.
    """

    text: str
    status: TranslationStatus = TranslationStatus.APPROVED
    default: bool = False


class NewTemplate(Fields):
    """A template of the account's own.

    Attributes:
        friendly_name: what it is called.
        channels: what it is for: `sms`, `voice`, `rcs`.
        translations: by language; the first is the default unless another says that it is.
    """

    friendly_name: str
    translations: dict[str, NewTranslation]
    channels: tuple[str, ...] = field(default=("sms",))


class ShownTranslation(TypedDict):
    """What a template says in one language.

    Attributes:
        default: whether it is for all languages that have none.
    """

    text: str
    status: TranslationStatus
    default: bool


class ShownVerifyTemplate(TypedDict):
    """A Verify template.

    Attributes:
        sid: HJ.
        own: whether it is the account's; the others are for everybody.
        translations: by language.
    """

    sid: str
    friendly_name: str
    own: bool
    channels: list[str]
    translations: dict[str, ShownTranslation]
    date_created: str


class VerifyTemplateList(TypedDict):
    """Verify templates: the account's own, newest first, then those for everybody."""

    templates: list[ShownVerifyTemplate]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on(
        "GET",
        "/verify/templates",
        "list_verify_templates",
        "Other texts for codes: the account's own, and those for everybody.",
        gives=VerifyTemplateList,
    )
    async def list_verify_templates(control: Control) -> Reply:
        rows = templates.list_templates(control.hosted.world, account=control.account_sid)
        return json_reply({"templates": [_look(each) for each in rows]})

    @controls.on(
        "POST",
        "/verify/templates",
        "add_verify_template",
        "Makes a text for codes, as Twilio's support does.",
        body=NewTemplate,
        gives=ShownVerifyTemplate,
        status=201,
        examples=(
            {
                "friendly_name": "Login",
                "channels": ["sms", "voice"],
                "translations": {
                    "en": {"text": "Log in to {{friendly_name}} with {{code}}."},
                    "de": {"text": "{{friendly_name}}: {{code}}", "status": "pending"},
                },
            },
        ),
    )
    async def add_verify_template(control: Control) -> Reply:
        wish = control.body(NewTemplate)
        command = AddVerifyTemplate(
            account=control.account_sid,
            friendly_name=wish.friendly_name,
            channels=wish.channels,
            translations=tuple(
                TemplateTranslation(
                    locale=locale, text=said.text, status=said.status, is_default=said.default
                )
                for locale, said in wish.translations.items()
            ),
        )
        return json_reply(_look(await control.hosted.gate.perform(command)), 201)

    @controls.on(
        "DELETE",
        "/verify/templates",
        "remove_verify_templates",
        "Deletes all texts for codes that are the account's own.",
    )
    async def remove_verify_templates(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveVerifyTemplates(account=control.account_sid))
        return NOTHING

    @controls.on(
        "DELETE",
        "/verify/templates/{verify_template}",
        "remove_verify_template",
        "Deletes one text for codes of the account's own.",
        places=TEMPLATE,
    )
    async def remove_verify_template(control: Control) -> Reply:
        command = RemoveVerifyTemplates(
            account=control.account_sid, template=control.said["verify_template"]
        )
        await control.hosted.gate.perform(command)
        return NOTHING


def _look(it: VerifyTemplate) -> ShownVerifyTemplate:
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "own": bool(it.account_sid),
        "channels": list(it.channels),
        "translations": {
            each.locale: {
                "text": each.text,
                "status": each.status,
                "default": each.is_default,
            }
            for each in it.translations
        },
        "date_created": write_instant(it.date_created),
    }
