"""What a text message with a code says, in which language.

The rules of this file:

- The English text, the warning and the form for Android apps are public
  (https://www.twilio.com/docs/verify/api/verification, .../service). Dutch and Japanese are as they
  were seen in a template. No page of Twilio's has the others: their wording is decided here.
- Apps and tests look for the code, and not for a sentence.
"""

from twilio_emulator.core.verify.resources import Verification
from twilio_emulator.core.verify.wishes import SendWish

TEXTS = {
    "en": "Your {name} verification code is: {code}",
    "nl": "Uw {name}-verificatiecode is: {code}",
    "ja": "あなたの{name} 認証コード： {code}",
    "de": "Ihr {name}-Bestätigungscode lautet: {code}",
    "fr": "Votre code de vérification {name} est : {code}",
    "es": "Su código de verificación de {name} es: {code}",
    "pt-BR": "Seu código de verificação {name} é: {code}",
    "pt": "O seu código de verificação {name} é: {code}",
    "it": "Il tuo codice di verifica {name} è: {code}",
    "af": "Jou {name}-verifikasiekode is: {code}",
    "ar": "رمز التحقق الخاص بك من {name} هو: {code}",
    "ca": "El vostre codi de verificació de {name} és: {code}",
    "zh": "您的 {name} 验证码是： {code}",
    "zh-CN": "您的 {name} 验证码是： {code}",
    "zh-HK": "您的 {name} 驗證碼是： {code}",
    "hr": "Vaš {name} kod za potvrdu je: {code}",
    "cs": "Váš ověřovací kód {name} je: {code}",
    "da": "Din {name}-bekræftelseskode er: {code}",
    "en-GB": "Your {name} verification code is: {code}",
    "et": "Teie {name} kinnituskood on: {code}",
    "fi": "{name}-vahvistuskoodisi on: {code}",
    "el": "Ο κωδικός επαλήθευσης {name} είναι: {code}",
    "he": "קוד האימות שלך עבור {name} הוא: {code}",
    "hi": "आपका {name} सत्यापन कोड है: {code}",
    "hu": "Az Ön {name} ellenőrző kódja: {code}",
    "id": "Kode verifikasi {name} Anda adalah: {code}",
    "kn": "ನಿಮ್ಮ {name} ಪರಿಶೀಲನಾ ಕೋಡ್: {code}",
    "ko": "귀하의 {name} 인증 코드: {code}",
    "lt": "Jūsų {name} patvirtinimo kodas: {code}",
    "ms": "Kod pengesahan {name} anda ialah: {code}",
    "mr": "तुमचा {name} पडताळणी कोड आहे: {code}",
    "nb": "Din {name}-bekreftelseskode er: {code}",
    "pl": "Twój kod weryfikacyjny {name} to: {code}",
    "ro": "Codul dvs. de verificare {name} este: {code}",
    "ru": "Ваш код подтверждения {name}: {code}",
    "sk": "Váš overovací kód {name} je: {code}",
    "sv": "Din {name}-verifieringskod är: {code}",
    "tl": "Ang iyong {name} verification code ay: {code}",
    "te": "మీ {name} ధృవీకరణ కోడ్: {code}",
    "th": "รหัสยืนยัน {name} ของคุณคือ: {code}",
    "tr": "{name} doğrulama kodunuz: {code}",
    "uk": "Ваш код підтвердження {name}: {code}",
    "vi": "Mã xác minh {name} của bạn là: {code}",
}
"""Decided, but for `en`, `nl` and `ja`: no source prints the default texts of other languages."""

OF_PAYMENTS = "Your {name} verification code for a payment of {amount} to {payee} is: {code}"
"""Decided: Twilio prints no text of a payment, and this is the one for all languages."""

WARNING = (
    ". Don\N{RIGHT SINGLE QUOTATION MARK}t share this code with anyone; "
    "our employees will never ask for the code"
)
"""With the typographic apostrophe, as printed; that it is so in all languages is decided."""

APP_PREFIX = "<#> "

CODE_PLACE = "{{code}}"


def compose(verification: Verification, wish: SendWish) -> str:
    """The whole text of a message with a code."""
    if wish.template is not None:
        said = wish.template.replace(CODE_PLACE, verification.code)
    else:
        said = sentence(verification, wish, verification.code)
    if wish.service.do_not_share_warning_enabled and wish.template is None:
        said += WARNING
    if wish.asked.app_hash:
        said = f"{APP_PREFIX}{said} {wish.asked.app_hash}"
    return said


def sentence(verification: Verification, wish: SendWish, code: str) -> str:
    """The sentence that tells a code, or the place of one."""
    if not wish.service.psd2_enabled:
        return TEXTS[wish.language].format(name=wish.friendly_name, code=code)
    return OF_PAYMENTS.format(
        name=wish.friendly_name,
        amount=verification.amount,
        payee=verification.payee,
        code=code,
    )
