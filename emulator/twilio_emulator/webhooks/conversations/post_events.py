"""Which event of a conversation fires which webhook.

The rules of this file (https://www.twilio.com/docs/conversations/conversations-webhooks):

- Post-events go to the service's URL, or to the account's where the service names none, when the
  filters there name them; besides to the conversation's own webhooks.
- A REST call fires them only with `X-Twilio-Webhook-Enabled: true`. Clients, inbound texts, timers
  and receipts fire them always.
- `filters` is an allow-list: none means no event.
- A trigger is a keyword that stands anywhere in a body, in capitals or not.
- Studio's flows are not run; that a message would have started one is noted.
- A change of state by REST is an update, too (`STATE_IS_UPDATED_TOO`).
- Where no URL is configured, no decision is noted; a hint may say so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from twilio_emulator.core.conversations import webhook_configurations
from twilio_emulator.core.conversations.conversations import (
    ConversationAdded,
    ConversationRemoved,
    ConversationUpdated,
)
from twilio_emulator.core.conversations.delivery_receipts import ReceiptUpdated
from twilio_emulator.core.conversations.messages import MessageAdded, MessageRemoved, MessageUpdated
from twilio_emulator.core.conversations.participants import (
    ParticipantAdded,
    ParticipantRemoved,
    ParticipantUpdated,
)
from twilio_emulator.core.conversations.resources import Conversation
from twilio_emulator.core.conversations.scoped_webhooks import MessagesReplayed
from twilio_emulator.core.conversations.states import ConversationStateUpdated, Reason
from twilio_emulator.core.conversations.users import UserAdded, UserUpdated
from twilio_emulator.core.conversations.webhook_configurations import (
    ScopedWebhook,
    ScopedWebhooks,
    WebhookConfiguration,
    WebhookConfigurations,
)
from twilio_emulator.core.kernel.world import Happened, Source, World
from twilio_emulator.core.studio.resources import NOT_RUN
from twilio_emulator.webhooks.conversations import parameters
from twilio_emulator.webhooks.conversations.manner import CONVERSATIONS
from twilio_emulator.webhooks.conversations.parameters import Given
from twilio_emulator.webhooks.decisions import (
    AS_SET,
    NO_KEYWORD,
    NOT_ENABLED,
    Decision,
    Outcome,
)
from twilio_emulator.webhooks.http.exchange import Request

STATE_IS_UPDATED_TOO = True
"""Whether a change of state by REST fires `onConversationUpdated` besides
`onConversationStateUpdated`. The page does not say; decided, since public apps wait for it there,
one by Twilio's own labs among them."""

ACCOUNT = "the webhooks of the account"


@dataclass(frozen=True, slots=True)
class PostEvent:
    """What a post-event says, and whose webhooks hear it.

    Attributes:
        conversation: None for an event of a user.
        own: the conversation's own webhooks, when it has been removed with them.
        always: whether it fires whatever the request said.
    """

    name: str
    account_sid: str
    service_sid: str
    conversation: Conversation | None
    says: Given
    own: tuple[ScopedWebhook, ...] | None = None
    always: bool = False


def _of(name: str, conversation: Conversation, *says: Given, always: bool = False) -> PostEvent:
    merged: Given = {}
    for given in says:
        merged |= given
    return PostEvent(
        name=name,
        account_sid=conversation.account_sid,
        service_sid=conversation.service_sid,
        conversation=conversation,
        says=merged,
        always=always,
    )


def _conversation_added(event: ConversationAdded, _: Happened) -> PostEvent:
    it = event.conversation
    opened_by = parameters.opened_by(event.opened_by)
    return _of("onConversationAdded", it, parameters.conversation(it), opened_by)


def _conversation_updated(
    event: ConversationUpdated | ConversationStateUpdated, _: Happened
) -> PostEvent:
    it = event.conversation
    return _of("onConversationUpdated", it, parameters.conversation(it))


def _conversation_removed(event: ConversationRemoved, happened: Happened) -> PostEvent:
    it = event.conversation
    said = _of(
        "onConversationRemoved", it, parameters.conversation(it), parameters.removed(happened.at)
    )
    return replace(said, own=event.webhooks)


def _state_updated(event: ConversationStateUpdated, happened: Happened) -> PostEvent:
    it, reason = event.conversation, event.reason
    says = parameters.change_of_state(it, event.state_from, reason, happened.at)
    return _of("onConversationStateUpdated", it, says, always=reason is not Reason.API)


def _message_added(event: MessageAdded, _: Happened) -> PostEvent:
    it = event.conversation
    says = parameters.without(parameters.message(event.message), "DateUpdated")
    return _of("onMessageAdded", it, says, parameters.messaging_service(it))


def _message_updated(event: MessageUpdated, _: Happened) -> PostEvent:
    it = event.conversation
    says = parameters.message(event.message)
    return _of("onMessageUpdated", it, says, parameters.messaging_service(it))


def _message_removed(event: MessageRemoved, happened: Happened) -> PostEvent:
    it = event.conversation
    says = parameters.message(event.message) | parameters.removed(happened.at)
    return _of("onMessageRemoved", it, says, parameters.messaging_service(it))


def _participant_added(event: ParticipantAdded, _: Happened) -> PostEvent:
    says = parameters.without(parameters.participant(event.participant), "DateUpdated")
    return _of("onParticipantAdded", event.conversation, says)


def _participant_updated(event: ParticipantUpdated, _: Happened) -> PostEvent:
    it = event.participant
    says = parameters.participant(it) | parameters.last_read(it)
    return _of("onParticipantUpdated", event.conversation, says)


def _participant_removed(event: ParticipantRemoved, happened: Happened) -> PostEvent:
    says = parameters.participant(event.participant) | parameters.removed(happened.at)
    return _of("onParticipantRemoved", event.conversation, says)


def _delivery_updated(event: ReceiptUpdated, _: Happened) -> PostEvent:
    it = event.conversation
    says = parameters.receipt(event.receipt, it.service_sid)
    return _of("onDeliveryUpdated", it, says, always=True)


def _user_added(event: UserAdded, _: Happened) -> PostEvent:
    it = event.user
    says = parameters.without(parameters.user(it), "DateUpdated")
    return PostEvent("onUserAdded", it.account_sid, it.service_sid, None, says)


def _user_updated(event: UserUpdated, _: Happened) -> PostEvent:
    it = event.user
    says = parameters.user(it) | parameters.presence(it)
    return PostEvent("onUserUpdated", it.account_sid, it.service_sid, None, says)


POST_EVENTS: dict[type, Callable[[Any, Happened], PostEvent]] = {
    ConversationAdded: _conversation_added,
    ConversationUpdated: _conversation_updated,
    ConversationRemoved: _conversation_removed,
    ConversationStateUpdated: _state_updated,
    MessageAdded: _message_added,
    MessageUpdated: _message_updated,
    MessageRemoved: _message_removed,
    ParticipantAdded: _participant_added,
    ParticipantUpdated: _participant_updated,
    ParticipantRemoved: _participant_removed,
    ReceiptUpdated: _delivery_updated,
    UserAdded: _user_added,
    UserUpdated: _user_updated,
}


def fired(world: World, happened: Happened) -> list[Outcome]:
    """What becomes of an event of a conversation: one decision for each URL it might go to."""
    kind = type(happened.event)
    unconfigured = not len(world[WebhookConfigurations]) and not len(world[ScopedWebhooks])
    if unconfigured and kind is not ConversationRemoved:
        return []
    event = happened.event
    outcomes = _of_post(world, happened, POST_EVENTS[kind](event, happened))
    if isinstance(event, ConversationStateUpdated) and _is_update(event, happened):
        outcomes += _of_post(world, happened, _conversation_updated(event, happened))
    return outcomes


def _of_post(world: World, happened: Happened, post: PostEvent) -> list[Outcome]:
    by_webhooks = (_by_webhook(happened, post, webhook) for webhook in _own(world, post))
    return [*_by_configuration(world, happened, post), *by_webhooks]


def _is_update(event: ConversationStateUpdated, happened: Happened) -> bool:
    """Whether a change of state is told as an update, too, and no update is told by itself."""
    return (
        STATE_IS_UPDATED_TOO
        and event.reason is Reason.API
        and happened.origin.source is Source.API
        and not event.besides
    )


def replayed(event: MessagesReplayed, happened: Happened) -> list[Outcome]:
    """What a new webhook hears of the messages that were there before it, whoever made it."""
    outcomes = []
    for message in event.messages:
        added = MessageAdded(message=message, conversation=event.conversation)
        post = replace(_message_added(added, happened), always=True)
        outcomes.append(_by_webhook(happened, post, event.webhook))
    return outcomes


def _own(world: World, post: PostEvent) -> tuple[ScopedWebhook, ...]:
    if post.own is not None:
        return post.own
    if post.conversation is None:
        return ()
    table = world[ScopedWebhooks]
    return tuple(table.all(table.by_conversation, post.conversation.sid))


def _by_configuration(world: World, happened: Happened, post: PostEvent) -> Iterator[Outcome]:
    """The decision of the account's webhooks, or of the service's in their place."""
    in_force, setting = webhooks_of(world, post.account_sid, post.service_sid)
    if in_force.sid == post.service_sid:
        whole = webhook_configurations.for_account(world, post.account_sid)
        if whole.post_webhook_url:
            yield _outcome(
                happened, post, ACCOUNT, whole.post_webhook_url, "", f"replaced by {setting}"
            )
    url = in_force.post_webhook_url
    if url:
        yield _outcome(
            happened, post, setting, url, in_force.method, not_named(in_force.filters, post.name)
        )


def _by_webhook(happened: Happened, post: PostEvent, webhook: ScopedWebhook) -> Outcome:
    """The decision of a conversation's own webhook."""
    setting = f"{webhook.target} {webhook.sid}"
    against = None
    if webhook.target == "studio":
        against = NOT_RUN
    elif webhook.target == "trigger":
        against = _not_triggered(webhook, post)
    else:
        against = not_named(webhook.filters, post.name)
    return _outcome(happened, post, setting, webhook.url, webhook.method, against)


def _not_triggered(webhook: ScopedWebhook, post: PostEvent) -> str | None:
    if post.name != "onMessageAdded":
        return "triggers are for onMessageAdded"
    body = (post.says.get("Body") or "").lower()
    if any(keyword.lower() in body for keyword in webhook.triggers or ()):
        return None
    return NO_KEYWORD


def _outcome(
    happened: Happened,
    post: PostEvent,
    setting: str,
    url: str | None,
    method: str | None,
    against: str | None,
) -> Outcome:
    """The decision of one setting; `against` is what speaks against sending."""
    origin = happened.origin
    if against is None and not (origin.webhooks or post.always):
        against = NOT_ENABLED
    subject = post.conversation.sid if post.conversation else post.says["UserSid"] or ""
    decision = Decision(
        event=post.name,
        subject=subject,
        setting=setting,
        url=url,
        sent=against is None,
        because=against or AS_SET,
    )
    if against is not None or url is None:
        return decision, None
    return decision, Request(
        event=post.name,
        subject=subject,
        account_sid=post.account_sid,
        manner=CONVERSATIONS,
        url=url,
        method=(method or "POST").upper(),
        parameters=parameters.said(
            parameters.common(post.name, post.account_sid, origin), post.says
        ),
    )


def webhooks_of(
    world: World, account_sid: str, service_sid: str
) -> tuple[WebhookConfiguration, str]:
    """The configuration in force for a service of an account, and what to call it."""
    in_force = webhook_configurations.in_force(world, account_sid, service_sid)
    if in_force.sid == service_sid:
        return in_force, f"the webhooks of service {service_sid}"
    return in_force, ACCOUNT


def not_named(filters: tuple[str, ...] | None, event: str) -> str | None:
    """What speaks against an event: that the filters do not name it."""
    return None if filters and event in filters else f"its filters do not name {event}"
