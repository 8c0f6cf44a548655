"""What a memory store begins with: how it knows customers again, and which traits it has.

The rules of this file:

- Every store has four identity rules of its own
  (https://www.twilio.com/docs/conversations/memory/identity-resolution), and a group of traits
  called Contact, some of which are identifiers.
"""

from twilio_emulator.core.memory.settings import (
    IdentifierConfig,
    IdentityResolution,
    TraitDefinition,
    TraitGroup,
)

EMAIL, PHONE, WHATSAPP, CHAT = "email", "phone", "whatsapp", "chat"

DEFAULT_IDENTITY = IdentityResolution(
    identifier_configs=(
        IdentifierConfig(id_type=EMAIL, normalization="email"),
        IdentifierConfig(id_type=WHATSAPP),
        IdentifierConfig(id_type=PHONE, normalization="phone"),
        IdentifierConfig(id_type=CHAT),
    ),
    matching_rules=(EMAIL, WHATSAPP, PHONE, CHAT),
)
"""Decided: which four they are, and their order, of which the OpenAPI file's example has three."""

CONTACT = "Contact"

CHAT_ID = "chatId"

PROMOTED = {"email": EMAIL, "phone": PHONE, "whatsapp": WHATSAPP, CHAT_ID: CHAT}
"""Decided: the traits of Contact that are identifiers, with the type of each; the first two were
seen at Twilio."""

PLAIN_CONTACT = (
    "firstName",
    "lastName",
    "street",
    "city",
    "state",
    "postalCode",
    "country",
)
"""Decided: the other traits of Contact, all of them texts: those that the example of a profile in
the OpenAPI file has."""

DEFAULT_GROUPS = (
    TraitGroup(
        display_name=CONTACT,
        description="Traits related to contact information.",
        traits={
            **{
                name: TraitDefinition(data_type="STRING", id_type_promotion=id_type)
                for name, id_type in PROMOTED.items()
            },
            **{name: TraitDefinition(data_type="STRING") for name in PLAIN_CONTACT},
        },
    ),
)
