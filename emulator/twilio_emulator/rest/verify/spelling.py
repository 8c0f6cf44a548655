"""How Verify spells its parameters: with dots after what several belong to."""

from twilio_emulator.wire.spelling import pascal

OWNERS = (
    "passkeys_relying_party",
    "passkeys",
    "push",
    "totp",
    "whatsapp",
    "binding",
    "config",
    "details",
    "channel_data",
)
"""What several parameters belong to. The longer stands first."""


def parameter(field: str) -> str:
    """`totp_time_step` is `Totp.TimeStep`, `friendly_name` is `FriendlyName`."""
    for owner in OWNERS:
        if field.startswith(f"{owner}_"):
            front = "Passkeys.RelyingParty" if owner == "passkeys_relying_party" else pascal(owner)
            return f"{front}.{pascal(field[len(owner) + 1 :])}"
    return pascal(field)
