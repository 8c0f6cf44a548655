"""Errors as every API of Twilio's tells them."""

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused


def error(refused: Refused, path: str) -> dict[str, object]:
    """Twilio's four keys. The text of a 20404 names the path without its version."""
    message = refused.message
    if refused.refusal is NOT_FOUND:
        version, _, rest = path.lstrip("/").partition("/")
        resource = path if version.startswith("2010") else f"/{rest}"
        message = Refused(NOT_FOUND, resource=resource).message
    return four_keys(refused.code, message, refused.status)


def four_keys(code: int, message: str, status: int) -> dict[str, object]:
    """What Twilio says of every error (https://www.twilio.com/docs/usage/twilios-response)."""
    return {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
