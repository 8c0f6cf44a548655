"""The worlds, one per account: opened, found, closed.

The rules of this file:

- An account is a world of its own: nothing is shared between two but the process. Only its
  subaccounts live in its world.
- What else listens to a world is joined to it by whoever keeps the worlds, when an account opens.
"""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from twilio_emulator.core.accounts.accounts import DEFAULT_NUMBERS, Accounts, OpenAccount
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.conversations.users import ChangeReachability
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import replay
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.sids import Sids
from twilio_emulator.core.kernel.world import Numbering, World
from twilio_emulator.core.senders.addresses import is_short_code, numbered
from twilio_emulator.core.senders.number_orders import UpdateNumber, UpdateShortCode
from twilio_emulator.core.senders.resources import PhoneNumbers, SenderKind
from twilio_emulator.core.senders.whatsapp_senders import WEBHOOK, UpdateChannelSender
from twilio_emulator.core.simulation.settings import ChangeCarrier, check_profile
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import p256
from twilio_emulator.runtime.account_starts import AccountStart, NoStart
from twilio_emulator.runtime.clock_driver import Pace
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.hosted import Hosted, News, end, part
from twilio_emulator.runtime.patterns import compile_pattern
from twilio_emulator.settings import (
    CONVERSATION_SERVICE_SID,
    MESSAGING_SERVICE_SID,
    TEST_ACCOUNT_SID,
    TEST_AUTH_TOKEN,
    InvalidSetting,
    NumberWebhook,
    Settings,
    check_public_url,
    clock_rate,
)

if TYPE_CHECKING:
    from twilio_emulator.runtime.state_file import StateFile  # most runs keep nothing

NOTE = {"message": "restored; webhooks that were under way or fell due meanwhile are not sent"}
"""What the log of an account says that was kept over a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What the default account is to be like for the scenarios of the start.

    Attributes:
        now: what its clock shows, standing still; the machine's time when None.
        seed: of its sids and dice; the settings' when None.
        carrier: the profile of its telephone network; the settings' when None.
        numbers: which it has besides its own and those of the settings.
    """

    now: datetime | None = None
    seed: int | None = None
    carrier: str | None = None
    numbers: tuple[str, ...] = ()


NOTHING_SAID = Beginning()


Join = Callable[[Hosted], None]
"""Joins to an account what listens to it."""


class Worlds:
    """All accounts of a server.

    Args:
        settings: of the default account, and what others have unless they say otherwise.
        numbering: what is known of phone numbers.
        join: called for each account, before it is opened.
        state: keeps them over a restart.
        beginning: what the default account is to be like.

    Raises:
        InvalidSetting: a number is none, or the state is not to be had.
    """

    def __init__(
        self,
        settings: Settings,
        numbering: Numbering,
        join: Join,
        state: "StateFile | None" = None,
        beginning: Beginning = NOTHING_SAID,
    ) -> None:
        self._settings = settings
        self._numbering = numbering
        self._join = join
        self._sids = Sids(settings.seed, "accounts")
        self.hosted: dict[str, Hosted] = {}
        self.state = state
        if state is not None:
            self._restore(state)
        self.default = self.hosted.get(settings.account_sid) or self.open(
            OpenAccount(
                auth_token=settings.auth_token,
                api_key=settings.api_key,
                api_secret=settings.api_secret,
                conversation_service_sid=CONVERSATION_SERVICE_SID,
                messaging_service_sid=MESSAGING_SERVICE_SID,
                verify_service_sid=settings.verify_service_sid,
                sync_service_sid=settings.sync_service_sid,
                conversation_configuration_sid=settings.conversation_configuration_id,
                memory_store_sid=settings.memory_store_id,
                test_account_sid=TEST_ACCOUNT_SID,
                test_auth_token=TEST_AUTH_TOKEN,
                oauth_client_id=settings.oauth_client_id,
                oauth_client_secret=settings.oauth_client_secret,
            ),
            numbers=(*settings.numbers, *beginning.numbers),
            account_sid=settings.account_sid,
            seed=beginning.seed,
            clock=None if beginning.now is None else "frozen",
            now=beginning.now,
            carrier=beginning.carrier,
            webhooks=settings.webhooks,
        )

    @property
    def rate(self) -> float:
        """How fast clocks run unless the settings say otherwise."""
        return clock_rate(self._settings.clock)

    def open(
        self,
        opening: OpenAccount,
        *,
        numbers: tuple[str, ...] = (),
        account_sid: str | None = None,
        seed: int | None = None,
        clock: str | None = None,
        now: datetime | None = None,
        carrier: str | None = None,
        public_url: str | None = None,
        record: bool = False,
        webhooks: Sequence[NumberWebhook] = (),
    ) -> Hosted:
        """Make an account, complete and isolated from all others.

        Args:
            opening: what is given of it; the rest is drawn.
            numbers: what it has besides the numbers that every account has.
            now: what its clock shows at first, the machine's time unless given.
            record: have it keep all its commands, for a recording; as the settings may say of all.
            webhooks: what its numbers have, one after the other.

        Raises:
            InvalidSetting: a number, the clock or the public URL is none, or a webhook is for a
                number that it does not have.
            Refused: there is no such carrier.
        """
        settings = self._settings
        rate = clock_rate(settings.clock if clock is None else clock)
        check_public_url(public_url)
        numbers = (*DEFAULT_NUMBERS, *(self._number(number) for number in numbers))
        carrier = settings.carrier if carrier is None else carrier
        check_profile(carrier)
        drawn = self._sids.drawn
        world = self._world(
            account_sid or self._sids.new("AC"),
            settings.seed if seed is None else seed,
            Clock(time.monotonic, now or datetime.now(UTC), rate),
        )
        hosted = self._host(world, public_url)
        gate = hosted.gate
        if record or settings.record:
            gate.record()
        if self.state is not None:
            self.state.keep(gate, public_url, self._sids.drawn)
        try:
            gate.perform_now(replace(opening, numbers=numbers))
            if carrier != "ideal":
                gate.perform_now(ChangeCarrier(profile=carrier))
            for command in self._reporting(world, webhooks):
                gate.perform_now(command)
            self._starts(
                hosted,
                AccountStart(
                    performed=tuple(written for _, written in gate.journal.since(0)),
                    now=world.clock.now(),
                    machine=time.monotonic(),
                    rate=rate,
                ),
            )
        except BaseException:
            self._sids.drawn = drawn
            hosted.pace.stop()
            if self.state is not None:
                self.state.forget(world.account_sid)
            raise
        self.hosted[world.account_sid] = hosted
        return hosted

    def begin(self, hosted: Hosted) -> None:
        """Have an account put back, from here on, to what it is now.

        Raises:
            OSError: that cannot be written to the state file.
        """
        world = hosted.world
        self._starts(
            hosted,
            AccountStart(
                snapshot=zlib.compress(msgspec.json.encode(world.snapshot()), 1),
                files=tuple({digest: None for held in world.digests() for digest in held}),
                now=world.clock.now(),
                machine=time.monotonic(),
                rate=world.clock.rate,
            ),
        )

    def _starts(self, hosted: Hosted, start: AccountStart) -> None:
        if self.state is not None:
            self.state.starts(hosted.world.account_sid, start)
        hosted.start = start

    def check_start(self, hosted: Hosted) -> AccountStart:
        """What an account was when it began.

        Raises:
            NoStart: that is not known.
        """
        if hosted.start is None:
            sid = hosted.world.account_sid
            raise NoStart(
                f"what {sid} was at its start is not known: its state file does not say it"
            )
        return hosted.start

    def reset(self, hosted: Hosted) -> None:
        """Make an account what it was when it began; its clock shows what it would have shown had
        nothing happened since. Whoever is connected is cut off, to come again.

        Raises:
            NoStart: that is not known.
        """
        start, gate = self.check_start(hosted), hosted.gate
        if start.snapshot is not None:
            snapshot = msgspec.json.decode(zlib.decompress(start.snapshot))
        else:
            snapshot = self._anew(hosted.world, start).snapshot()
        gate.log.clear()
        gate.perform_now(RestoreWorld(snapshot=snapshot, now=start.shown_now, rate=start.rate))

    def _anew(self, world: World, start: AccountStart) -> World:
        """A world as the commands of the start make it."""
        clock = Clock(time.monotonic, start.performed[0].at, 0)
        anew = self._world(world.account_sid, world.seed, clock)
        replay(anew, start.performed)
        return anew

    def _world(self, account_sid: str, seed: int, clock: Clock) -> World:
        """A world in which there is nothing yet."""
        keep = self._settings.kept
        return new_world(account_sid, seed, clock, self._numbering, compile_pattern, keep, p256)

    def _host(self, world: World, public_url: str | None) -> Hosted:
        """Put a world behind a gate, with what listens to it."""
        gate = Gate(world, keep=self._settings.kept)
        hosted = Hosted(gate=gate, pace=Pace(gate), news=News(), public_url=public_url)
        gate.log.added = hosted.news.tell
        self._join(hosted)
        return hosted

    def _restore(self, state: "StateFile") -> None:
        """Have the accounts that the state holds, as they would be had they never stopped."""
        self._sids.drawn = state.drawn
        restored = []
        for kept, world in state.worlds(self._numbering, self._settings.kept):
            hosted = self._host(world, kept.public_url)
            hosted.start = kept.start
            for written in kept.journal:
                hosted.gate.journal.append(written)
            if not kept.journal:
                hosted.gate.journal.begin_with(None)
            if self._settings.record:
                hosted.gate.record()
            hosted.gate.note("restored", NOTE)
            self.hosted[world.account_sid] = hosted
            restored.append((hosted, kept))
        state.begin()
        for hosted, kept in restored:
            state.go_on(hosted.gate, kept)
            for user in [user for user in hosted.world[Users] if user.is_online]:
                # Clients that were connected are not any more.
                hosted.gate.perform_now(
                    ChangeReachability(service=user.service_sid, user=user.sid, is_online=False)
                )

    async def close(self, hosted: Hosted) -> None:
        """End an account with everything that it has."""
        if self.state is not None:
            self.state.forget(hosted.world.account_sid)
        # What is still under way changes what is nobody's any more.
        hosted.gate.write = hosted.gate.strike_off = None
        del self.hosted[hosted.world.account_sid]
        await end(hosted)
        part(hosted)

    def of(self, account_sid: str) -> Hosted | None:
        """The account with this sid, or the one whose subaccount it is."""
        likely = self.likely(account_sid)
        return next((each for each in likely if account_sid in each.world[Accounts]), None)

    def likely(self, sid: str) -> Iterable[Hosted]:
        """The account with this sid, else all, in one of which it may be."""
        hosted = self.hosted.get(sid)
        return self if hosted is None else (hosted,)

    def printable(self, secret: str) -> str | None:
        """A secret, or None when it came from outside, as from the environment of a stack."""
        settings = self._settings
        hidden = (settings.auth_token, settings.api_secret, settings.oauth_client_secret)
        shown = (
            settings.printable_auth_token,
            settings.printable_api_secret,
            settings.printable_oauth_client_secret,
        )
        return None if secret in hidden and secret not in shown else secret

    def __iter__(self) -> Iterator[Hosted]:
        return iter(self.hosted.values())

    def _reporting(
        self, world: World, webhooks: Sequence[NumberWebhook]
    ) -> Iterator[UpdateNumber | UpdateShortCode | UpdateChannelSender]:
        """The commands that give an account's numbers their webhooks, one a number."""
        wishes: dict[str, dict[str, str]] = {}
        for webhook in webhooks:
            for address in self._reported(world, webhook):
                wishes.setdefault(address, {})[webhook.setting.replace("-", "_")] = webhook.url
        for address, wish in wishes.items():
            number = world[PhoneNumbers].at(address)
            assert number is not None
            account, sid = number.account_sid, number.sid
            url, status = wish.get("sms_url"), wish.get("status_callback")
            fallback = wish.get("sms_fallback_url")
            if fallback is not None and url is None:
                expected = f"an sms-url of {address} besides"
                raise InvalidSetting("sms-fallback-url", expected, fallback)
            if number.kind is SenderKind.WHATSAPP:
                named = {name: wish[field] for name, field in WEBHOOK.items() if field in wish}
                yield UpdateChannelSender(account=account, number=sid, webhook=named)
            elif number.kind is SenderKind.SHORT_CODE:  # it has no status callback
                yield UpdateShortCode(
                    account=account, number=sid, sms_url=url, sms_fallback_url=fallback
                )
            else:
                yield UpdateNumber(
                    account=account,
                    number=sid,
                    sms_url=url,
                    sms_fallback_url=fallback,
                    status_callback=status,
                )

    def _reported(self, world: World, webhook: NumberWebhook) -> list[str]:
        """The addresses that a webhook is for."""
        held = [number.address for number in world[PhoneNumbers]]
        if webhook.number is None:
            return held
        is_code = is_short_code(webhook.number)
        address = webhook.number if is_code else numbered(self._numbering, webhook.number)
        if address is None or address not in held:
            expected = f"one of the account's numbers before '=': {', '.join(held)}"
            raise InvalidSetting(webhook.setting, expected, webhook.number)
        return [address]

    def _number(self, address: str) -> str:
        """An address that texts can come from, in its normal form. WhatsApp has no short codes."""
        if is_short_code(address):
            return address
        read = numbered(self._numbering, address)
        if read is None:
            expected = (
                "a phone number in E.164, such as +12025550123, or a short code of 3 to 8 digits"
            )
            raise InvalidSetting("number", expected, address)
        return read
