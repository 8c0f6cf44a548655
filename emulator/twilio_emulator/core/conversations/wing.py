"""Conversations: services, users, roles, conversations, participants, messages, webhooks."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.conversations import (
    account_configuration,
    address_configurations,
    capture,
    conversations,
    delivery_receipts,
    media,
    push_notifications,
    services,
    users,
    webhook_configurations,
)
from twilio_emulator.core.conversations.account_configuration import ConfigureAccount
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    AddressConfigurations,
    RemoveAddressConfiguration,
    UpdateAddressConfiguration,
)
from twilio_emulator.core.conversations.address_rules import AddressRulesTable, ChangeAddressRules
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.media import DiscardMedia, KeepFile, MediaTable, UploadMedia
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.push_credentials import (
    AddCredential,
    Credentials,
    RemoveCredential,
    UpdateCredential,
)
from twilio_emulator.core.conversations.push_notifications import (
    Bindings,
    ConfigureNotifications,
    NotificationConfigurations,
    RegisterBinding,
    RemoveBinding,
    UnregisterBinding,
)
from twilio_emulator.core.conversations.removal import RemoveService, RemoveUser
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversations,
    Messages,
    Participants,
    Receipts,
    Roles,
    Services,
    Users,
)
from twilio_emulator.core.conversations.roles import AddRole, RemoveRole, UpdateRole
from twilio_emulator.core.conversations.scoped_webhooks import (
    AddScopedWebhook,
    RemoveScopedWebhook,
    UpdateScopedWebhook,
)
from twilio_emulator.core.conversations.services import AddService, ConfigureService, ServiceRemoved
from twilio_emulator.core.conversations.states import ExpireConversation
from twilio_emulator.core.conversations.user_conversations import (
    RemoveUserConversation,
    UpdateUserConversation,
)
from twilio_emulator.core.conversations.users import (
    AddUser,
    ChangeReachability,
    ConnectUser,
    UpdateUser,
)
from twilio_emulator.core.conversations.web_chats import OpenWebChat
from twilio_emulator.core.conversations.webhook_configurations import (
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
    ScopedWebhooks,
    WebhookConfigurations,
)
from twilio_emulator.core.conversations.with_participants import (
    AddConversationWithParticipants,
    AssembleConversation,
)
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.senders.number_orders import NumberReleased
from twilio_emulator.core.texts.text import TextStatusChanged

CONVERSATIONS = Wing(
    name="conversations",
    tables=(
        AddressConfigurations,
        AddressRulesTable,
        Groups,
        MediaTable,
        Credentials,
        Bindings,
        NotificationConfigurations,
        Services,
        Users,
        Roles,
        Receipts,
        Messages,
        Participants,
        Conversations,
        AccountConfigurations,
        WebhookConfigurations,
        ScopedWebhooks,
    ),
    commands=(
        ConfigureAccount,
        AddAddressConfiguration,
        UpdateAddressConfiguration,
        RemoveAddressConfiguration,
        ChangeAddressRules,
        AddConversation,
        UpdateConversation,
        RemoveConversation,
        ExpireConversation,
        UploadMedia,
        DiscardMedia,
        KeepFile,
        PostMessage,
        EditMessage,
        RemoveMessage,
        AddParticipant,
        UpdateParticipant,
        RemoveParticipant,
        AddCredential,
        UpdateCredential,
        RemoveCredential,
        RegisterBinding,
        RemoveBinding,
        UnregisterBinding,
        ConfigureNotifications,
        RemoveService,
        RemoveUser,
        AddRole,
        UpdateRole,
        RemoveRole,
        AddScopedWebhook,
        UpdateScopedWebhook,
        RemoveScopedWebhook,
        AddService,
        ConfigureService,
        UpdateUserConversation,
        RemoveUserConversation,
        AddUser,
        UpdateUser,
        ChangeReachability,
        ConnectUser,
        OpenWebChat,
        ConfigureAccountWebhooks,
        ConfigureServiceWebhooks,
        AddConversationWithParticipants,
        AssembleConversation,
    ),
    reactions=(
        (AccountOpened, account_configuration.configure_opened),
        (NumberReleased, address_configurations.remove_of_released),
        (TextStatusChanged, delivery_receipts.follow),
        (WorldRestored, users.be_offline),
        (ServiceRemoved, conversations.remove_of_service),
        (ServiceRemoved, push_notifications.remove_of_service),
        (ServiceRemoved, users.remove_of_service),
        (ServiceRemoved, services.remove_roles),
        (ServiceRemoved, media.remove_of_service),
        (ServiceRemoved, webhook_configurations.remove_of_service),
        (ServiceRemoved, address_configurations.forget_service),
    ),
    claims=(capture.claim,),
)
