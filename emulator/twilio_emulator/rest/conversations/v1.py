"""https://conversations.twilio.com/v1 as a table of operations."""

from twilio_emulator.core.conversations import account_configuration as configuration
from twilio_emulator.core.conversations import address_configurations as addresses
from twilio_emulator.core.conversations import (
    conversations,
    messages,
    participants,
    roles,
    scoped_webhooks,
    services,
    user_conversations,
    users,
)
from twilio_emulator.core.conversations import push_credentials as credentials
from twilio_emulator.core.conversations import push_notifications as push
from twilio_emulator.core.conversations import webhook_configurations as hooks
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
from twilio_emulator.rest.conversations import configuration_look as configured
from twilio_emulator.rest.conversations import v1_look as look
from twilio_emulator.wire.calls import Answer, Call, Parameters
from twilio_emulator.wire.operations import ROOT, SERVICE, Api

api = Api("conversations.twilio.com", "v1")

api.collection(
    "/Conversations",
    "/{conversation}",
    look.conversation,
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
    look.participant,
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
    look.message,
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
    look.receipt,
    key="delivery_receipts",
    list=messages.list_receipts,
    fetch=messages.fetch_receipt,
    page_max=50,
)
api.collection(
    "/Conversations/{conversation}/Webhooks",
    "/{webhook}",
    look.scoped_webhook,
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
    look.participant_conversation,
    key="conversations",
    list=user_conversations.list_participant_conversations,
    page_max=50,
)
api.collection(
    "/Roles",
    "/{role}",
    look.role,
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
    look.user,
    create=AddUser,
    fetch=users.fetch_user,
    update=UpdateUser,
    delete=RemoveUser,
)
api.collection("/Users", "", look.user_in_list, key="users", list=users.list_users, page_max=50)
api.collection(
    "/Users/{user}/Conversations",
    "/{conversation}",
    look.user_conversation,
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
    look.service,
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
    configured.binding,
    key="bindings",
    list=push.list_bindings,
    fetch=push.fetch_binding,
    delete=RemoveBinding,
    where=SERVICE,
)
api.collection(
    "/Credentials",
    "/{credential}",
    configured.credential,
    key="credentials",
    list=credentials.list_credentials,
    create=AddCredential,
    fetch=credentials.fetch_credential,
    update=UpdateCredential,
    delete=RemoveCredential,
    where=ROOT,
)
api.collection(
    "/Configuration/Addresses",
    "/{configuration}",
    configured.address,
    key="address_configurations",
    list=addresses.list_address_configurations,
    create=AddAddressConfiguration,
    fetch=addresses.fetch_address_configuration,
    update=UpdateAddressConfiguration,
    delete=RemoveAddressConfiguration,
    page_max=50,
    where=ROOT,
)
api.single(
    "/Configuration",
    configured.account,
    fetch=configuration.fetch_configuration,
    update=ConfigureAccount,
    where=ROOT,
)
api.single(
    "/Configuration/Webhooks",
    configured.account_webhooks,
    fetch=hooks.fetch_account_webhooks,
    update=ConfigureAccountWebhooks,
    where=ROOT,
)
api.single(
    "/Configuration",
    configured.service,
    fetch=services.fetch_configuration,
    update=ConfigureService,
    where=SERVICE,
)
api.single(
    "/Configuration/Webhooks",
    configured.service_webhooks,
    fetch=hooks.fetch_service_webhooks,
    update=ConfigureServiceWebhooks,
    where=SERVICE,
)
api.single(
    "/Configuration/Notifications",
    configured.notifications,
    fetch=push.fetch_notifications,
    update=ConfigureNotifications,
    where=SERVICE,
)

_with_participants = Parameters(AddConversationWithParticipants)


@api.operation("POST", "/ConversationWithParticipants", AddConversationWithParticipants)
async def create_with_participants(call: Call) -> Answer:
    """202 while participants are still to come, 201 when there are none."""
    wish = AddConversationWithParticipants(**_with_participants.of_form(call))
    done = await call.gate.perform(wish, call.origin)
    return Answer(202 if wish.participant else 201, look.conversation_with_participants(done, call))
