"""https://conversations.twilio.com/v1 as a table of operations."""

from twilio_emulator.core.conversations import (
    account_configuration,
    address_configurations,
    conversations,
    messages,
    participants,
    push_credentials,
    push_notifications,
    roles,
    scoped_webhooks,
    services,
    user_conversations,
    users,
    webhook_configurations,
)
from twilio_emulator.core.conversations.account_configuration import ConfigureAccount
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    RemoveAddressConfiguration,
    UpdateAddressConfiguration,
)
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.push_credentials import (
    AddCredential,
    RemoveCredential,
    UpdateCredential,
)
from twilio_emulator.core.conversations.push_notifications import (
    ConfigureNotifications,
    RemoveBinding,
)
from twilio_emulator.core.conversations.removal import RemoveService, RemoveUser
from twilio_emulator.core.conversations.roles import AddRole, RemoveRole, UpdateRole
from twilio_emulator.core.conversations.scoped_webhooks import (
    AddScopedWebhook,
    RemoveScopedWebhook,
    UpdateScopedWebhook,
)
from twilio_emulator.core.conversations.services import AddService, ConfigureService
from twilio_emulator.core.conversations.user_conversations import (
    RemoveUserConversation,
    UpdateUserConversation,
)
from twilio_emulator.core.conversations.users import AddUser, UpdateUser
from twilio_emulator.core.conversations.webhook_configurations import (
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
)
from twilio_emulator.core.conversations.with_participants import AddConversationWithParticipants
from twilio_emulator.rest.conversations import configuration_look, v1_look
from twilio_emulator.wire.calls import Answer, Call, Parameters
from twilio_emulator.wire.operations import ROOT, SERVICE, Api

api = Api("conversations.twilio.com", "v1", find_service=services.find_service)

api.collection(
    "/Conversations",
    "/{conversation}",
    v1_look.conversation,
    key="conversations",
    list=conversations.list_conversations,
    create=AddConversation,
    fetch=conversations.fetch_conversation,
    update=UpdateConversation,
    delete=RemoveConversation,
)
api.collection(
    "/Conversations/{conversation}/Participants",
    "/{participant}",
    v1_look.participant,
    key="participants",
    list=participants.list_participants,
    create=AddParticipant,
    fetch=participants.fetch_participant,
    update=UpdateParticipant,
    delete=RemoveParticipant,
)
api.collection(
    "/Conversations/{conversation}/Messages",
    "/{message}",
    v1_look.message,
    key="messages",
    list=messages.list_messages,
    create=PostMessage,
    fetch=messages.fetch_message,
    update=EditMessage,
    delete=RemoveMessage,
)
api.collection(
    "/Conversations/{conversation}/Messages/{message}/Receipts",
    "/{receipt}",
    v1_look.receipt,
    key="delivery_receipts",
    list=messages.list_receipts,
    fetch=messages.fetch_receipt,
    page_max=50,
)
api.collection(
    "/Conversations/{conversation}/Webhooks",
    "/{webhook}",
    v1_look.scoped_webhook,
    key="webhooks",
    list=scoped_webhooks.list_scoped_webhooks,
    create=AddScopedWebhook,
    fetch=scoped_webhooks.fetch_scoped_webhook,
    update=UpdateScopedWebhook,
    delete=RemoveScopedWebhook,
    page_size=5,
    page_max=5,
)
api.collection(
    "/ParticipantConversations",
    "",
    v1_look.participant_conversation,
    key="conversations",
    list=user_conversations.list_participant_conversations,
    page_max=50,
)
api.collection(
    "/Roles",
    "/{role}",
    v1_look.role,
    key="roles",
    list=roles.list_roles,
    create=AddRole,
    fetch=roles.fetch_role,
    update=UpdateRole,
    delete=RemoveRole,
    page_max=50,
)
api.collection(
    "/Users",
    "/{user}",
    v1_look.user,
    create=AddUser,
    fetch=users.fetch_user,
    update=UpdateUser,
    delete=RemoveUser,
)
api.collection("/Users", "", v1_look.user_in_list, key="users", list=users.list_users, page_max=50)
api.collection(
    "/Users/{user}/Conversations",
    "/{conversation}",
    v1_look.user_conversation,
    key="conversations",
    list=user_conversations.list_user_conversations,
    fetch=user_conversations.fetch_user_conversation,
    update=UpdateUserConversation,
    delete=RemoveUserConversation,
    page_max=50,
)
api.collection(
    "/Services",
    "/{service_sid}",
    v1_look.service,
    key="services",
    list=services.list_services,
    create=AddService,
    fetch=services.fetch_service,
    delete=RemoveService,
    where=ROOT,
)
api.collection(
    "/Bindings",
    "/{binding}",
    configuration_look.binding,
    key="bindings",
    list=push_notifications.list_bindings,
    fetch=push_notifications.fetch_binding,
    delete=RemoveBinding,
    where=SERVICE,
)
api.collection(
    "/Credentials",
    "/{credential}",
    configuration_look.credential,
    key="credentials",
    list=push_credentials.list_credentials,
    create=AddCredential,
    fetch=push_credentials.fetch_credential,
    update=UpdateCredential,
    delete=RemoveCredential,
    where=ROOT,
)
api.collection(
    "/Configuration/Addresses",
    "/{configuration}",
    configuration_look.address,
    key="address_configurations",
    list=address_configurations.list_address_configurations,
    create=AddAddressConfiguration,
    fetch=address_configurations.fetch_address_configuration,
    update=UpdateAddressConfiguration,
    delete=RemoveAddressConfiguration,
    page_max=50,
    where=ROOT,
)
api.single(
    "/Configuration",
    configuration_look.account,
    fetch=account_configuration.fetch_configuration,
    update=ConfigureAccount,
    where=ROOT,
)
api.single(
    "/Configuration/Webhooks",
    configuration_look.account_webhooks,
    fetch=webhook_configurations.fetch_account_webhooks,
    update=ConfigureAccountWebhooks,
    where=ROOT,
)
api.single(
    "/Configuration",
    configuration_look.service,
    fetch=services.fetch_configuration,
    update=ConfigureService,
    where=SERVICE,
)
api.single(
    "/Configuration/Webhooks",
    configuration_look.service_webhooks,
    fetch=webhook_configurations.fetch_service_webhooks,
    update=ConfigureServiceWebhooks,
    where=SERVICE,
)
api.single(
    "/Configuration/Notifications",
    configuration_look.notifications,
    fetch=push_notifications.fetch_notifications,
    update=ConfigureNotifications,
    where=SERVICE,
)

_with_participants = Parameters(AddConversationWithParticipants)


@api.operation("POST", "/ConversationWithParticipants", AddConversationWithParticipants)
async def create_with_participants(call: Call) -> Answer:
    """202 while participants are still to come, 201 when there are none."""
    wish = AddConversationWithParticipants(**_with_participants.of_form(call))
    done = await call.gate.perform(wish, call.origin)
    return Answer(
        202 if wish.participant else 201, v1_look.conversation_with_participants(done, call)
    )
