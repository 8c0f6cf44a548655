"""What is set in a memory store: how customers are known again, which traits they may have, and
where traits come from."""

from datetime import datetime

from twilio_emulator.core.kernel.records import closed, record


@closed()
@record
class IdentifierConfig:
    """How identifiers of a type are kept and compared, as the API has it."""

    id_type: str
    matching_algo: str = "exact"
    matching_threshold: int = 75
    limit: int = 100
    limit_policy: str = "fifo"
    enforce_unique: bool = True
    normalization: str = "trim"


@record
class IdentityResolution:
    """By which identifiers a store knows a customer again, the weightiest first."""

    identifier_configs: tuple[IdentifierConfig, ...]
    matching_rules: tuple[str, ...]
    version: int = 1

    def config(self, id_type: str) -> IdentifierConfig | None:
        """How identifiers of a type are kept; None where the store has none such."""
        return next((each for each in self.identifier_configs if each.id_type == id_type), None)


@closed()
@record
class TraitRule:
    """What the values of a trait must be besides; which of it is meant says `rule_type`."""

    rule_type: str
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min: float | None = None
    max: float | None = None
    min_items: int | None = None
    max_items: int | None = None


@closed()
@record
class TraitDefinition:
    """A trait that profiles of a store may have."""

    data_type: str
    description: str | None = None
    validation_rule: TraitRule | None = None
    id_type_promotion: str | None = None


@record
class TraitGroup:
    """Traits that belong together, by name."""

    display_name: str
    description: str | None = None
    traits: dict[str, TraitDefinition]
    version: int = 1


@closed()
@record
class MappedTrait:
    """Which trait a field of a source goes to."""

    expression: str
    trait_group: str
    trait_name: str


@closed()
@record
class MappingTo:
    """Where data goes to: traits, so far."""

    type: str
    mappings: tuple[MappedTrait, ...]


@closed()
@record
class MappingFrom:
    """Where data comes from: columns that a request names, or a data set."""

    type: str
    columns: tuple[str, ...] | None = None
    dataset_id: str | None = None


@record
class DataMapping:
    """How data of a source becomes traits. It is kept; nothing is fetched by it."""

    sid: str
    display_name: str
    description: str | None = None
    is_enabled: bool = True
    mapping_to: MappingTo
    mapping_from: MappingFrom
    version: int = 1
    date_created: datetime
    date_updated: datetime
    serial: int
