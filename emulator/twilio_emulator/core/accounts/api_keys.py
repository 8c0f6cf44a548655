"""API keys, as they are made, renamed and withdrawn.

The rules of this file (https://www.twilio.com/docs/iam/api-keys):

- The secret is shown when a key is made, and never again.
- A key signs requests and access tokens alike; one that is withdrawn does neither any more.
- A key that is made by request is a standard one.
"""

from twilio_emulator.core.accounts.accounts import ApiKey, ApiKeys
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    FRIENDLY_NAME_TOO_LONG,
    INVALID_PARAMETER,
    NOT_FOUND,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World

NAME_LIMIT = 64


@event
class ApiKeyChanged:
    """There is a new key, or one has another name; None when it was withdrawn."""

    sid: str
    key: ApiKey | None


@command
class AddApiKey:
    """Make a key."""

    account: str
    friendly_name: str | None = None
    key_type: str | None = None
    policy: str | None = None

    def apply(self, world: World) -> ApiKey:
        name = _name(self.friendly_name)
        if self.key_type not in (None, "", "restricted"):
            raise Refused(INVALID_PARAMETER, parameter="KeyType")
        policy = _policy(self.policy)
        key = world[ApiKeys].put(
            ApiKey(
                sid=world.sids.new("SK"),
                account_sid=self.account,
                secret=world.sids.hex(),
                friendly_name=name,
                policy=policy,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.tell(ApiKeyChanged(sid=key.sid, key=key))
        return key


@command
class UpdateApiKey:
    """Give a key another name."""

    account: str
    key: str
    friendly_name: str | None = None
    policy: str | None = None

    def apply(self, world: World) -> ApiKey:
        key = fetch_key(world, account=self.account, key=self.key)
        changes: dict[str, object] = {}
        if self.friendly_name is not None:
            changes["friendly_name"] = _name(self.friendly_name)
        if self.policy is not None:
            changes["policy"] = _policy(self.policy)
        if not changes:
            return key
        key = world[ApiKeys].put(replace(key, date_updated=world.now, **changes))
        world.tell(ApiKeyChanged(sid=key.sid, key=key))
        return key


@command
class RemoveApiKey:
    """Withdraw a key."""

    account: str
    key: str

    def apply(self, world: World) -> None:
        key = fetch_key(world, account=self.account, key=self.key)
        world[ApiKeys].remove(key.sid)
        world.tell(ApiKeyChanged(sid=key.sid, key=None))


def fetch_key(world: World, *, account: str, key: str) -> ApiKey:
    """The key of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[ApiKeys].get(key)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_keys(world: World, *, account: str) -> Rows[ApiKey]:
    """The keys of an account, newest first."""
    return Rows(world[ApiKeys], world[ApiKeys].by_account, account, downward=True)


def _name(name: str | None) -> str:
    if name and len(name) > NAME_LIMIT:
        raise Refused(FRIENDLY_NAME_TOO_LONG)
    return name or ""


def _policy(text: str | None) -> str | None:
    """Raises:
    Refused: 20001 it is no JSON object.
    """
    if text and parameters.json_object(text) is None:
        raise Refused(INVALID_PARAMETER, parameter="Policy")
    return text or None
