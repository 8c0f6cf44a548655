"""The passkeys that fake phones hold: which there are, and how often each was used.

The rules of this file (https://www.w3.org/TR/webauthn-2/, §6.3):

- A phone has one passkey for a relying party and a user: a new one takes the place of the old, as
  it does for all that can be found without their id.
- Each use counts. A new passkey counts 0.
- Key and id are drawn from the account's dice. What is drawn here becomes a key, and signs, where
  cryptography is known.
"""

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import HandsetRemoved
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.verify.authenticator_data import encoded

DRAWN = 32
"""Bytes of an id, as in Twilio's example, and of a private key."""


@record
class HeldPasskey:
    """A passkey on a phone.

    Attributes:
        sid: its id, base64url.
        handset: the phone's address.
        party: the relying party's id, such as `example.com`.
        user: the user's handle with the relying party, base64url.
        private_key: hexadecimal; the private key follows from it.
        uses: how often it was used.
    """

    sid: str
    handset: str
    party: str
    user: str
    private_key: str
    uses: int = 0
    serial: int

    @property
    def account(self) -> tuple[str, str, str]:
        """What a phone has one passkey of."""
        return self.handset, self.party, self.user


class HeldPasskeys(Table[HeldPasskey]):
    """Passkeys by phone, and the one of a user."""

    def __init__(self) -> None:
        self.by_handset: Ordered[HeldPasskey] = Ordered(lambda it: it.handset, lambda it: it.serial)
        self.of_account: Unique[HeldPasskey] = Unique(lambda it: it.account)
        super().__init__(HeldPasskey, self.by_handset, self.of_account)


@event
class PasskeyMade:
    """A phone has a new passkey."""

    passkey: str
    handset: str
    party: str


@event
class PasskeyUsed:
    """A phone has signed with a passkey."""

    passkey: str
    handset: str
    party: str


def find(world: World, handset: str, party: str, ids: tuple[str, ...] = ()) -> HeldPasskey | None:
    """The newest passkey of a phone for a relying party, one of `ids` if any are named."""
    address = kept(world.numbering, handset)
    held = (
        each
        for each in world[HeldPasskeys].all(world[HeldPasskeys].by_handset, address)
        if each.party == party and (not ids or each.sid in ids)
    )
    return max(held, key=lambda it: it.serial, default=None)


@command
class MakePasskey:
    """A phone makes a passkey for a user of a relying party."""

    handset: str
    party: str
    user: str

    def apply(self, world: World) -> HeldPasskey:
        passkeys = world[HeldPasskeys]
        address = kept(world.numbering, self.handset)
        old = passkeys.found(passkeys.of_account, (address, self.party, self.user))
        if old is not None:
            passkeys.remove(old.sid)
        made = passkeys.put(
            HeldPasskey(
                sid=encoded(_drawn(world)),
                handset=address,
                party=self.party,
                user=self.user,
                private_key=_drawn(world).hex(),
                serial=world.serial(),
            )
        )
        world.tell(PasskeyMade(passkey=made.sid, handset=address, party=self.party))
        return made


@command
class UsePasskey:
    """A phone signs with a passkey that it has; None when it has none such."""

    passkey: str

    def apply(self, world: World) -> HeldPasskey | None:
        held = world[HeldPasskeys].get(self.passkey)
        if held is None:
            return None
        used = world[HeldPasskeys].put(replace(held, uses=held.uses + 1))
        world.tell(PasskeyUsed(passkey=used.sid, handset=used.handset, party=used.party))
        return used


def lose_passkeys(world: World, removed: HandsetRemoved) -> None:
    """What was on a phone is gone with it."""
    passkeys = world[HeldPasskeys]
    for each in list(passkeys.all(passkeys.by_handset, removed.handset.address)):
        passkeys.remove(each.sid)


def _drawn(world: World) -> bytes:
    return world.dice.getrandbits(8 * DRAWN).to_bytes(DRAWN, "big")
