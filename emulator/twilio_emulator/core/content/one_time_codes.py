"""One-time codes on WhatsApp: the words that `whatsapp/authentication` shows, which WhatsApp sets.

The rules of this file (https://www.twilio.com/docs/content/whatsappauthentication):

- WhatsApp sets the text in the template's language, with the code in bold; then the advice not to
  share it, unless `add_security_recommendation` is false; and with `code_expiration_minutes` a
  footer. The one button, which copies the code, has the title that the template gives it.
- The code is the single variable of the request, whatever its name; the template's own samples do
  not count. Without it, or with more than it, the placeholder stays.
- A code is at most 15 characters long
  (https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates).
"""

from twilio_emulator.core.kernel.records import Plain

TYPE = "whatsapp/authentication"
PLACEHOLDER = "{{1}}"
LONGEST = 15
"""Characters of a code."""

OTHERWISE = "en"
"""The language of codes in a language whose words are not known here: decided."""

WORDS = {
    "en": (
        "*{code}* is your verification code.",
        "For your security, do not share this code.",
        "This code expires in {minutes} minutes.",
    ),
    "de": (
        "Dein Verifizierungscode lautet *{code}*.",
        "Aus Sicherheitsgründen solltest du den Code nicht teilen.",
        "Dieser Code verfällt in {minutes} Minuten.",
    ),
    "es": (
        "*{code}* es tu código de verificación.",
        "Por tu seguridad, no lo compartas.",
        "Este código caduca en {minutes} minutos.",
    ),
    "fr": (
        "*{code}* est votre code de vérification.",
        "Pour votre sécurité, ne le partagez pas.",
        "Ce code expire dans {minutes} minutes.",
    ),
    "hi": (
        "*{code}* आपका वेरिफ़िकेशन कोड है.",
        "अपनी सुरक्षा के लिए, इस कोड को किसी के साथ शेयर न करें.",
        "इस कोड की समय-सीमा {minutes} मिनट में समाप्त हो जाएगी",
    ),
    "id": (
        "*{code}* adalah kode verifikasi Anda.",
        "Demi keamanan, jangan bagikan kode ini.",
        "Kode ini kedaluwarsa dalam {minutes} menit.",
    ),
    "it": (
        "*{code}* è il tuo codice di verifica.",
        "Per garantire la tua sicurezza, ti consigliamo di non condividere questo codice.",
        "Questo codice scadrà tra {minutes} minuti.",
    ),
    "ja": (
        "*{code}*があなたの認証コードです。",
        "セキュリティのため、このコードは他の人に共有しないでください。",
        "このコードは{minutes}分後に期限切れとなります",
    ),
    "ko": (
        "인증 코드는 *{code}*입니다.",
        "보안을 위해 이 코드는 공유하지 마세요.",
        "이 코드는 {minutes}분 후에 만료됩니다.",
    ),
    "pl": (
        "*{code}* to kod weryfikacyjny.",
        "Ze względów bezpieczeństwa nie udostępniaj tego kodu.",
        "Ten kod wygaśnie za {minutes} minut.",
    ),
    "pt": (
        "*{code}* é seu código de verificação.",
        "Para sua segurança, não o compartilhe.",
        "Este código expira em {minutes} minutos.",
    ),
    "pt_pt": (
        "*{code}* é o teu código de verificação.",
        "Para tua segurança, não partilhes este código.",
        "Este código expira dentro de {minutes} minutos.",
    ),
    "ru": (
        "Ваш код подтверждения — *{code}*.",
        "Из соображений безопасности не сообщайте никому этот код.",
        "Срок действия этого кода истекает через {minutes} минут.",
    ),
    "sv": (
        "*{code}* är din verifieringskod.",
        "Av säkerhetsskäl ska du inte dela koden med någon annan.",
        "Koden går ut om {minutes} minuter.",
    ),
}
"""The text, the advice and the footer, by language: as public copies of approved templates have
them. Meta publishes the English ones only."""


def spelled_out(
    fields: dict[str, Plain], language: str, values: dict[str, str]
) -> dict[str, Plain]:
    """The fields of such a type with the words that WhatsApp shows, as `body` and `footer`.

    Args:
        language: of the template, such as `pt_BR`.
        values: of the variables, as the request gives them.
    """
    code = next(iter(values.values())) if len(values) == 1 else PLACEHOLDER
    text, advice, expiry = _words(language)
    body = text.format(code=code)
    if fields.get("add_security_recommendation") is not False:
        body = f"{body} {advice}"
    shown: dict[str, Plain] = {**fields, "body": body}
    minutes = fields.get("code_expiration_minutes")
    if isinstance(minutes, int | float) and not isinstance(minutes, bool):
        shown["footer"] = expiry.format(minutes=int(minutes))
    actions = fields.get("actions")
    if isinstance(actions, list):
        shown["actions"] = [
            {**action, "code": code} if isinstance(action, dict) else action for action in actions
        ]
    return shown


def code_in(fields: dict[str, Plain]) -> str | None:
    """The code of a type that is spelled out; None where there is none."""
    actions = fields.get("actions")
    for action in actions if isinstance(actions, list) else ():
        code = action.get("code") if isinstance(action, dict) else None
        if isinstance(code, str) and code != PLACEHOLDER:
            return code
    return None


def _words(language: str) -> tuple[str, str, str]:
    """Those of the language as it is spoken in a country, else of the language."""
    key = language.lower().replace("-", "_")
    return WORDS.get(key) or WORDS.get(key.partition("_")[0]) or WORDS[OTHERWISE]
