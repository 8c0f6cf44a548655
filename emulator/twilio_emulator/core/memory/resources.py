"""Memory stores and what is remembered in them: the records and tables.

The rules of this file (https://www.twilio.com/docs/conversations/memory/key-terms):

- A store holds profiles; a profile holds traits in groups, identifiers by which it is found,
  observations and summaries of conversations. Nothing is shared between stores.
- Profiles that are found to be one person are merged into the earliest of them. The others stay as
  signs that lead there, as the API's answers with `Canonical-Profile-Id` want it.
"""

from datetime import datetime
from typing import Any

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.memory.default_settings import DEFAULT_GROUPS, DEFAULT_IDENTITY
from twilio_emulator.core.memory.settings import DataMapping, IdentityResolution, TraitGroup

Traits = dict[str, dict[str, Any]]
"""Groups of traits, as JSON says them: values are texts, numbers, booleans and lists of these."""


@record
class MemoryStore:
    """A store, with what is set in it: how customers are known again, and what traits there are."""

    sid: str
    account_sid: str
    display_name: str
    description: str | None = None
    version: int = 1
    identity: IdentityResolution = DEFAULT_IDENTITY
    trait_groups: tuple[TraitGroup, ...] = DEFAULT_GROUPS
    data_mappings: tuple[DataMapping, ...] = ()
    serial: int


class MemoryStores(Table[MemoryStore]):
    """Stores by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[MemoryStore] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        super().__init__(MemoryStore, self.by_account)


@record
class Trait:
    """A fact about somebody, and since when it is as it is."""

    value: Any
    at: datetime


@record
class MemoryProfile:
    """A customer. `canonical` is the profile that it was merged into, if it was."""

    sid: str
    account_sid: str
    store_sid: str
    traits: dict[str, dict[str, Trait]]
    canonical: str | None = None
    date_created: datetime
    serial: int

    @property
    def listed_in(self) -> str | None:
        """The store that lists it: not one that was merged."""
        return None if self.canonical else self.store_sid


class MemoryProfiles(Table[MemoryProfile]):
    """Profiles by store; those that were merged, by the one that they are now."""

    refers = (("store_sid", "memory_stores"),)

    def __init__(self) -> None:
        self.by_store: Ordered[MemoryProfile] = Ordered(lambda it: it.listed_in, _serial)
        self.merged: Ordered[MemoryProfile] = Ordered(lambda it: it.canonical, _serial)
        super().__init__(MemoryProfile, self.by_store, self.merged)


@record
class ProfileIdentifier:
    """A value by which a profile is found, as it is after normalization."""

    store_sid: str
    profile_sid: str
    id_type: str
    value: str
    serial: int

    @property
    def sid(self) -> str:
        """What the table keeps it by."""
        return identifier_key(self.profile_sid, self.id_type, self.value)


class ProfileIdentifiers(Table[ProfileIdentifier]):
    """Identifiers by profile, by profile and type, and by store, type and value."""

    refers = (("profile_sid", "memory_profiles"),)

    def __init__(self) -> None:
        self.by_profile: Ordered[ProfileIdentifier] = Ordered(lambda it: it.profile_sid, _serial)
        self.by_type: Ordered[ProfileIdentifier] = Ordered(
            lambda it: (it.profile_sid, it.id_type), _serial
        )
        self.by_value: Ordered[ProfileIdentifier] = Ordered(
            lambda it: (it.store_sid, it.id_type, it.value), _serial
        )
        super().__init__(ProfileIdentifier, self.by_profile, self.by_type, self.by_value)


def identifier_key(profile_sid: str, id_type: str, value: str) -> str:
    """What an identifier of a profile is kept by."""
    return f"{profile_sid}/{id_type}/{value}"


@record
class Observation:
    """Something that was noticed about a customer."""

    sid: str
    account_sid: str
    profile_sid: str
    content: str
    source: str
    occurred_at: datetime
    conversation_ids: tuple[str, ...] = ()
    date_created: datetime
    date_updated: datetime
    serial: int


class Observations(Table[Observation]):
    """Observations by profile."""

    refers = (("profile_sid", "memory_profiles"),)

    def __init__(self) -> None:
        self.by_profile: Ordered[Observation] = Ordered(lambda it: it.profile_sid, _serial)
        super().__init__(Observation, self.by_profile)


@record
class ObservationRevision:
    """An observation as it was from a change on, or from its beginning."""

    sid: str
    observation_sid: str
    observation: Observation
    serial: int


class ObservationRevisions(Table[ObservationRevision]):
    """Revisions by observation."""

    refers = (("observation_sid", "observations"),)

    def __init__(self) -> None:
        self.by_observation: Ordered[ObservationRevision] = Ordered(
            lambda it: it.observation_sid, _serial
        )
        super().__init__(ObservationRevision, self.by_observation)


@record
class ConversationSummary:
    """What a conversation with a customer came to."""

    sid: str
    account_sid: str
    profile_sid: str
    content: str
    conversation_id: str
    source: str | None = None
    occurred_at: datetime
    date_created: datetime
    date_updated: datetime
    serial: int


class ConversationSummaries(Table[ConversationSummary]):
    """Summaries by profile."""

    refers = (("profile_sid", "memory_profiles"),)

    def __init__(self) -> None:
        self.by_profile: Ordered[ConversationSummary] = Ordered(lambda it: it.profile_sid, _serial)
        super().__init__(ConversationSummary, self.by_profile)


def _serial(
    it: MemoryProfile | ProfileIdentifier | Observation | ObservationRevision | ConversationSummary,
) -> int:
    return it.serial


@event
class MemoryStoreChanged:
    """A store is another; None when it is gone."""

    sid: str
    store: MemoryStore | None


@event
class MemoryProfileCreated:
    """A store has a profile more."""

    profile: MemoryProfile


@event
class MemoryProfileUpdated:
    """A profile has other traits or identifiers."""

    profile: MemoryProfile


@event
class MemoryProfilesMerged:
    """A profile was found to be another, which is the earlier one."""

    sid: str
    canonical: str


@event
class MemoryProfileRemoved:
    """A profile is gone, with all that was remembered of it."""

    profile: MemoryProfile


@event
class ObservationNoted:
    """An observation was made, or is another now."""

    observation: Observation


@event
class ObservationRemoved:
    """An observation is forgotten."""

    observation: Observation


@event
class SummaryNoted:
    """A conversation was summed up, or is summed up otherwise now."""

    summary: ConversationSummary


@event
class SummaryRemoved:
    """A summary is forgotten."""

    summary: ConversationSummary
