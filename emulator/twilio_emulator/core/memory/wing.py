"""Memory, as a part of the rules."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.memory import observations, profiles, stores, summaries
from twilio_emulator.core.memory.data_mappings import (
    AddDataMapping,
    PatchDataMapping,
    RemoveDataMapping,
)
from twilio_emulator.core.memory.identifiers import (
    AddProfileIdentifier,
    RemoveProfileIdentifier,
    UpdateProfileIdentifier,
)
from twilio_emulator.core.memory.identity_settings import SetIdentityResolution
from twilio_emulator.core.memory.observations import (
    AddObservations,
    PatchObservation,
    RemoveObservation,
)
from twilio_emulator.core.memory.operations import MemoryOperations
from twilio_emulator.core.memory.profiles import (
    AddMemoryProfile,
    PatchMemoryProfile,
    PutMemoryProfiles,
    RemoveMemoryProfile,
)
from twilio_emulator.core.memory.resources import (
    ConversationSummaries,
    MemoryProfileRemoved,
    MemoryProfiles,
    MemoryStoreChanged,
    MemoryStores,
    ObservationRevisions,
    Observations,
    ProfileIdentifiers,
)
from twilio_emulator.core.memory.stores import AddMemoryStore, PatchMemoryStore, RemoveMemoryStore
from twilio_emulator.core.memory.summaries import (
    AddConversationSummaries,
    PatchConversationSummary,
    RemoveConversationSummary,
)
from twilio_emulator.core.memory.trait_groups import (
    AddTraitGroup,
    PatchTraitGroup,
    RemoveTraitGroup,
)

MEMORY = Wing(
    name="memory",
    tables=(
        MemoryStores,
        MemoryProfiles,
        ProfileIdentifiers,
        Observations,
        ObservationRevisions,
        ConversationSummaries,
        MemoryOperations,
    ),
    commands=(
        AddMemoryStore,
        PatchMemoryStore,
        RemoveMemoryStore,
        SetIdentityResolution,
        AddTraitGroup,
        PatchTraitGroup,
        RemoveTraitGroup,
        AddDataMapping,
        PatchDataMapping,
        RemoveDataMapping,
        AddMemoryProfile,
        PutMemoryProfiles,
        PatchMemoryProfile,
        RemoveMemoryProfile,
        AddProfileIdentifier,
        UpdateProfileIdentifier,
        RemoveProfileIdentifier,
        AddObservations,
        PatchObservation,
        RemoveObservation,
        AddConversationSummaries,
        PatchConversationSummary,
        RemoveConversationSummary,
    ),
    reactions=(
        (AccountOpened, stores.open_first_store),
        (MemoryStoreChanged, profiles.forget_profiles),
        (MemoryProfileRemoved, observations.forget_observations),
        (MemoryProfileRemoved, summaries.forget_summaries),
    ),
)
