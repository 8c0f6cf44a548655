import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, Told
from tests.core.refused import code as refused
from tests.core.verify.conftest import wish
from twilio_emulator.core.accounts.debugger_alerts import AlertRaised, LogLevel
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.verify import templates
from twilio_emulator.core.verify.resources import Verifications
from twilio_emulator.core.verify.templates import (
    SHIPPED,
    AddVerifyTemplate,
    RemoveVerifyTemplates,
    TemplateTranslation,
    VerifyTemplate,
    VerifyTemplateChanged,
)

NO_SHARE, SHORT, TTL = (each.sid for each in SHIPPED)
SetUp = Callable[..., None]


def translation(text: str, locale: str = "en", **fields: Any) -> TemplateTranslation:
    return TemplateTranslation(locale=locale, text=text, **fields)


def add(world: World, *translations: TemplateTranslation, **fields: Any) -> VerifyTemplate:
    said: dict[str, Any] = {"friendly_name": "Own", "channels": ("sms",), **fields}
    return world.perform(AddVerifyTemplate(account=ACCOUNT, translations=translations, **said))


def told_text(world: World, **fields: Any) -> str:
    """What a text says, with `#` for the code."""
    verification = world.perform(wish(**fields))
    text = list(world[Texts])[-1]
    return text.body.replace(world[Verifications][verification.sid].code, "#")


def test_everybody_has_some(world: World) -> None:
    rows = templates.list_templates(world, account=ACCOUNT)
    assert rows.after(None, 50) == (list(SHIPPED), False)
    assert list(rows) == list(SHIPPED)
    assert [each.sid[:2] for each in SHIPPED] == ["HJ"] * 3
    assert all(each.default.locale == "en" for each in SHIPPED)


def test_they_are_listed_page_by_page(world: World) -> None:
    own = [add(world, translation("{{code}}"), friendly_name=f"Own {n}") for n in range(2)]
    rows = templates.list_templates(world, account=ACCOUNT)
    everything = [own[1], own[0], *SHIPPED]
    first, more = rows.after(None, 2)
    assert (first, more) == (everything[:2], True)
    second, more = rows.after(rows.place(first[-1]), 2)
    assert (second, more) == (everything[2:4], True)
    third, more = rows.after(rows.place(second[-1]), 2)
    assert (third, more) == (everything[4:], False)
    assert rows.before(rows.place(third[0]), 2) == (second, True)
    assert rows.before(rows.place(second[0]), 2) == (first, False)
    named = templates.list_templates(world, account=ACCOUNT, friendly_name="Own 1")
    assert named.after(None, 50) == ([own[1]], False)
    others = templates.list_templates(world, account="AC" + "9" * 32)
    assert others.after(None, 50) == (list(SHIPPED), False)


def test_one_is_made_and_taken_away(world: World, told: Told) -> None:
    first = add(world, translation("{{code}}"), translation("Ja: {{ code }}", "de"))
    assert [each.is_default for each in first.translations] == [True, False]
    second = add(world, translation("{{code}}"), translation("{{code}}", "de", is_default=True))
    assert second.default.locale == "de"
    assert templates.find_template(world, "AC" + "9" * 32, first.sid) is None
    world.perform(RemoveVerifyTemplates(account=ACCOUNT, template=first.sid))
    for gone in (first.sid, TTL):
        assert refused(world, RemoveVerifyTemplates(account=ACCOUNT, template=gone)) == 20404
    world.perform(RemoveVerifyTemplates(account=ACCOUNT))
    assert templates.find_template(world, ACCOUNT, second.sid) is None
    changed = told.of(VerifyTemplateChanged)
    assert [each.template is None for each in changed] == [False, False, True, True]


@pytest.mark.parametrize(
    "fields",
    [
        {"friendly_name": ""},
        {"channels": ()},
        {"channels": ("sms", "email")},
        {"translations": ()},
        {"translations": (translation("Without the code"),)},
    ],
)
def test_one_that_cannot_be_is_refused(world: World, fields: dict[str, Any]) -> None:
    said: dict[str, Any] = {
        "friendly_name": "Own",
        "channels": ("sms",),
        "translations": (translation("{{code}}"),),
        **fields,
    }
    assert refused(world, AddVerifyTemplate(account=ACCOUNT, **said)) == 20001


def test_a_text_has_name_minutes_and_code(world: World) -> None:
    said = told_text(world, template_sid=TTL, custom_friendly_name="Shop")
    assert said == "Your Shop verification code is: #. This code will expire in 10 minutes."


def test_a_text_has_the_values_of_the_request(world: World) -> None:
    own = add(world, translation("Hi {{name}}, {{code}} ({{ n }})"))
    values = json.dumps({"name": "Ann", "n": 2, "other": "x"})
    assert told_text(world, template_sid=own.sid, template_custom_substitutions=values) == (
        "Hi Ann, # (2)"
    )
    for said in (None, "{}", '{"name": "Ann"}'):
        lacking = wish(template_sid=own.sid, template_custom_substitutions=said)
        assert refused(world, lacking) == 60224
    for said in ("x", "[]", '{"name": null}'):
        wrong = wish(template_sid=own.sid, template_custom_substitutions=said)
        assert refused(world, wrong) == 60200


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"template_sid": "HJ" + "9" * 32}, 60228),
        ({"template_sid": TTL, "channel": "call"}, 60227),
        ({"template_sid": TTL, "channel": "email", "to": "ann@example.com"}, 60408),
        ({"template_sid": TTL, "channel": "whatsapp"}, 60408),
        ({"templates": "x"}, 60200),
        ({"templates": "{}"}, 60200),
        ({"templates": "[]"}, 60200),
        ({"templates": json.dumps([{"sid": TTL}] * 11)}, 60200),
        ({"templates": "[1]"}, 60200),
        ({"templates": '[{"substitutions": {}}]'}, 60200),
        ({"templates": json.dumps([{"sid": TTL, "substitutions": []}])}, None),
        ({"templates": json.dumps([{"sid": TTL, "substitutions": [1]}])}, 60200),
        ({"templates": json.dumps([{"sid": "HJ" + "9" * 32}])}, 60228),
    ],
)
def test_one_that_cannot_be_told_is_refused(
    world: World, fields: dict[str, Any], code: int | None
) -> None:
    if code is None:
        world.perform(wish(**fields))
    else:
        assert refused(world, wish(**fields)) == code


def test_a_text_that_is_not_approved_is_not_told(world: World) -> None:
    pending = translation("Ja: {{code}}", "de", status=templates.TranslationStatus.PENDING)
    own = add(world, translation("Yes: {{code}}"), pending)
    assert told_text(world, template_sid=own.sid) == "Yes: #"
    assert refused(world, wish(template_sid=own.sid, locale="de")) == 60201


def test_a_language_that_a_template_lacks_is_warned_of(world: World, told: Told) -> None:
    own = add(world, translation("Yes: {{code}}"), translation("Ja: {{code}}", "de-AT"))
    assert told_text(world, template_sid=own.sid, locale="DE_at") == "Ja: #"
    assert not told.of(AlertRaised)
    for locale in ("de", "xx"):
        assert told_text(world, template_sid=own.sid, locale=locale) == "Yes: #"
    alerts = [each.alert for each in told.of(AlertRaised)]
    assert [(each.error_code, each.log_level) for each in alerts] == [(60325, LogLevel.WARNING)] * 2
    assert alerts[0].resource_sid == next(iter(world[Verifications])).sid
    assert refused(world, wish(locale="xx")) == 60229
    assert refused(world, wish(locale="x!", template_sid=own.sid)) == 60200


def test_the_service_has_one_for_texts_alone(world: World, set_up: SetUp) -> None:
    set_up(default_template_sid=SHORT)
    assert told_text(world) == "Your verification code is: #. Do not share it."
    assert told_text(world, template_sid=TTL).endswith("10 minutes.")
    world.perform(wish(channel="sms", to="+12025550198"))
    service = templates.VerifyChannel.CALL
    assert templates.IN_TEMPLATES[service] == "voice"


def test_one_of_the_service_that_is_gone_is_as_none(world: World, set_up: SetUp) -> None:
    own = add(world, translation("Own: {{code}}"))
    set_up(default_template_sid=own.sid)
    assert told_text(world) == "Own: #"
    world.perform(RemoveVerifyTemplates(account=ACCOUNT, template=own.sid))
    assert told_text(world).startswith("Your ")


def several(*sids: str, **values: str) -> str:
    return json.dumps([{"sid": sid, "substitutions": values} for sid in sids])


def test_of_several_the_first_that_fits_is_told(world: World) -> None:
    voice = add(world, translation("Spoken {{code}}"), channels=("voice",))
    named = add(world, translation("Hi {{name}}: {{code}}"))
    german = add(world, translation("Nein: {{code}}"), translation("Ja: {{code}}", "de"))
    assert told_text(world, templates=several(voice.sid, SHORT)).startswith("Your verification")
    assert told_text(world, templates=several(named.sid, SHORT, name="Ann")) == "Hi Ann: #"
    assert told_text(world, templates=several(named.sid, german.sid)) == "Nein: #"
    wanted = told_text(world, templates=several(SHORT, german.sid), locale="de", template_sid=TTL)
    assert wanted == "Ja: #"


def test_of_several_that_do_not_fit_the_first_says_why(world: World, told: Told) -> None:
    named = add(world, translation("Hi {{name}}: {{code}}"))
    assert refused(world, wish(templates=several(named.sid))) == 60224
    voice = add(world, translation("Spoken {{code}}"), channels=("voice",))
    assert told_text(world, templates=several(voice.sid)).startswith("Your ")
    assert told.of(AlertRaised)[0].alert.error_code == 60327


def test_ann_gets_it(world: World, advance: Callable[..., None]) -> None:
    world.perform(wish(template_sid=NO_SHARE))
    advance(seconds=1)
    text = list(world[Texts])[-1]
    assert (text.to, text.status) == (ANN, "delivered")
    assert text.body.endswith("Do not share this code with anyone.")
