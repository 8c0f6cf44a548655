"""A local Twilio: SMS, WhatsApp, Conversations, Verify, Sync and agents; phones that answer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twilio_emulator.handle.emulator import AsyncEmulator, Emulator
    from twilio_emulator.settings import Settings

__all__ = ["AsyncEmulator", "Emulator", "Settings", "__version__"]
__version__: str


def __getattr__(name: str) -> object:
    # Resolved late: the command line and pytest's plugins import this package at every start.
    if name in ("AsyncEmulator", "Emulator"):
        from twilio_emulator.handle import emulator

        return getattr(emulator, name)
    if name == "Settings":
        from twilio_emulator.settings import Settings

        return Settings
    if name == "__version__":
        from twilio_emulator.settings import VERSION

        return VERSION
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
