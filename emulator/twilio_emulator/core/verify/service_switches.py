"""What of a Verify service REST cannot say: which code is sent, for how long it is good, by which
channels, how e-mail leaves.

The rules of this file:

- What is not said stays as it is. Nothing that is sent already becomes another.
"""

from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.choices import choose, within
from twilio_emulator.core.verify import codes, services
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import EmailIntegration, VerifyService, VerifyServices

SHORTEST_TTL = 120
LONGEST_TTL = 86_400
"""Seconds; what Twilio's support can set (.../verify/api/rate-limits-and-timeouts)."""

MOST = 1000
"""More sends or checks than anybody wants of one code."""


@command
class SwitchVerifyService:
    """Change what only the emulator knows of a service.

    Attributes:
        service: its sid.
        code_ttl: seconds that a code is good for, from 120 to 86400.
        fixed_code: the code that is always sent; an empty one takes that back.
        next_codes: codes that are sent next, each once.
        channels: which of the channels are switched on, by their names.
        email_integration: how e-mail is sent.
        max_sends: how often a code is sent.
        max_checks: how many wrong codes are looked at.
    """

    service: str
    code_ttl: int | None = None
    fixed_code: str | None = None
    next_codes: tuple[str, ...] | None = None
    channels: dict[str, bool] | None = None
    email_integration: EmailIntegration | None = None
    max_sends: int | None = None
    max_checks: int | None = None

    def apply(self, world: World) -> VerifyService:
        service = world[VerifyServices].get(self.service)
        if service is None:
            raise Refused(NOT_FOUND)
        within("code_ttl", self.code_ttl, SHORTEST_TTL, LONGEST_TTL)
        within("max_sends", self.max_sends, 1, MOST)
        within("max_checks", self.max_checks, 1, MOST)
        given: dict[str, object] = {
            name: value
            for name in ("code_ttl", "email_integration", "max_sends", "max_checks")
            if (value := getattr(self, name)) is not None
        }
        if self.fixed_code is not None:
            given["fixed_code"] = _code("fixed_code", self.fixed_code) if self.fixed_code else None
        if self.next_codes is not None:
            given["next_codes"] = tuple(_code("next_codes", each) for each in self.next_codes)
        if self.channels is not None:
            given["channels"] = _channels(service, self.channels)
        return services.changed(world, replace(service, date_updated=world.now, **given))


def _code(name: str, said: str) -> str:
    within(f"{name}: characters of a code", len(said.strip()), codes.SHORTEST, codes.LONGEST)
    return said.strip()


def _channels(service: VerifyService, said: dict[str, bool]) -> tuple[str, ...]:
    """The channels that are on then, in Twilio's order."""
    for name in said:
        choose("channels", name, VerifyChannel)
    return tuple(str(each) for each in VerifyChannel if said.get(each, each in service.channels))
