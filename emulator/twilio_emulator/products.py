"""What each product adds to each surface: the one place where a product is switched on.

The rules of this file:

- A product is a wing of the rules (listed in `core/wings.py`), a folder in `rest/`, and what stands
  here. What a surface offers of all products it is handed from here; no surface knows a product.
- Tables, calls and sentences are found in this order where order matters: of several operations
  whose names say as much, the first has the short one.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, cast

from twilio_emulator.console.files import ConsolePage
from twilio_emulator.control import (
    accounts,
    alerts,
    choices,
    clock,
    emulator,
    environment,
    journal,
    messages,
    resets,
    scenarios,
    snapshots,
    webhooks,
)
from twilio_emulator.control.conversations import connections, conversations
from twilio_emulator.control.events import Vocabulary
from twilio_emulator.control.knowledge import knowledge_texts
from twilio_emulator.control.lookup import lookups
from twilio_emulator.control.memory import memory_profiles
from twilio_emulator.control.messaging import (
    carrier,
    delivery_receipts,
    opt_outs,
    senders,
    templates,
    whatsapp_windows,
)
from twilio_emulator.control.orchestrator import agents, orchestrated_conversations
from twilio_emulator.control.phones import calls as handset_calls
from twilio_emulator.control.phones import (
    handset_messages,
    handsets,
    mailboxes,
    media,
    waits,
)
from twilio_emulator.control.routes import ControlCall, Controls
from twilio_emulator.control.studio import executions
from twilio_emulator.control.sync import objects as sync_objects
from twilio_emulator.control.sync import values as sync_values
from twilio_emulator.control.sync import waits as sync_waits
from twilio_emulator.control.verify import event_stream as verify_event_stream
from twilio_emulator.control.verify import factors as verify_factors
from twilio_emulator.control.verify import fraud as verify_fraud
from twilio_emulator.control.verify import passkeys, push_devices, sna, totp, verifications
from twilio_emulator.control.verify import templates as verify_templates
from twilio_emulator.control.verify.device_requests import Ask
from twilio_emulator.core.accounts.debugger_alerts import AlertRaised
from twilio_emulator.core.carrier.opt_outs import OptOutChanged
from twilio_emulator.core.kernel.move_clock import ClockMoved
from twilio_emulator.core.messaging.clearing import InboxCleared
from twilio_emulator.core.messaging.inbound import TextCaptured
from twilio_emulator.core.phones.call_resources import (
    CallAnswered,
    CallEnded,
    CallsCleared,
    DigitsPressed,
    HandsetRang,
)
from twilio_emulator.core.phones.handsets import HandsetAdded, HandsetRemoved, HandsetUpdated
from twilio_emulator.core.phones.inbox import HandsetRead, HandsetReceived, HandsetSent
from twilio_emulator.core.phones.mailboxes import MailboxCleared, MailReceived
from twilio_emulator.core.sync.endpoints import (
    SyncEndpointConnected,
    SyncEndpointDisconnected,
    SyncReachabilityTold,
)
from twilio_emulator.core.sync.resources import (
    StreamMessagePublished,
    SyncDocumentUpdated,
    SyncEndMoved,
    SyncItemAdded,
    SyncItemRemoved,
    SyncItemUpdated,
    SyncPermissionChanged,
    SyncResourceCreated,
    SyncResourceRemoved,
    SyncServiceChanged,
)
from twilio_emulator.core.texts.text import TextCreated, TextStatusChanged
from twilio_emulator.core.verify.event_stream import VerifyEventEmitted
from twilio_emulator.core.verify.fraud import VerificationBlocked
from twilio_emulator.core.verify.resources import (
    AttemptChanged,
    VerificationApproved,
    VerificationCanceled,
    VerificationChecked,
    VerificationExhausted,
    VerificationExpired,
    VerificationSent,
)
from twilio_emulator.rest.accounts import iam_v1, monitor_v1, oauth
from twilio_emulator.rest.api_2010 import operations
from twilio_emulator.rest.content import v1 as content_v1
from twilio_emulator.rest.conversations import flex_v2, media_v1
from twilio_emulator.rest.conversations import v1 as conversations_v1
from twilio_emulator.rest.knowledge import v2 as knowledge_v2
from twilio_emulator.rest.lookup import v1 as lookup_v1
from twilio_emulator.rest.lookup import v2 as lookup_v2
from twilio_emulator.rest.memory import v1 as memory_v1
from twilio_emulator.rest.messaging import v1 as messaging_v1
from twilio_emulator.rest.messaging import v2 as messaging_v2
from twilio_emulator.rest.orchestrator import look as orchestrator_look
from twilio_emulator.rest.orchestrator import v2 as orchestrator_v2
from twilio_emulator.rest.studio import v2 as studio_v2
from twilio_emulator.rest.sync import v1 as sync_v1
from twilio_emulator.rest.verify import v2 as verify_v2
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.holds import Holds
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.runtime.uploads import Files
from twilio_emulator.sdk.twilsock.clients import Clients
from twilio_emulator.webhooks.conversations import listener as conversations_listener
from twilio_emulator.webhooks.delivery import ProductWebhooks
from twilio_emulator.webhooks.messaging import listener as messaging_listener
from twilio_emulator.webhooks.orchestrator import listener as orchestrator_listener
from twilio_emulator.webhooks.orchestrator.status_callbacks import Looks
from twilio_emulator.webhooks.sync import listener as sync_listener
from twilio_emulator.webhooks.verify import event_sink
from twilio_emulator.webhooks.verify import listener as verify_listener
from twilio_emulator.wire.operations import Api


@dataclass(frozen=True, kw_only=True)
class ServerParts:
    """What some control calls need of the server.

    Attributes:
        worlds: its accounts.
        files: holds the bytes of uploads.
        clients: the client SDKs that are connected to an account.
        forget_logins: forgets credentials that have been looked up.
        certificate: gives the certificate authority's certificate, in PEM.
        served: gives the URL that is served.
        kept: says where files are kept for clients that read ours.
        is_ready: whether the scenarios that are played at start are over.
        holds: how long everybody had to wait for others.
        play: plays a scenario.
        check: says what is wrong with one.
        record: records one.
        vocabulary: how all products tell what happened.
        secrets_of_settings: of all products.
        ask: asks the REST APIs of this very server.
    """

    worlds: Worlds
    files: Files
    clients: Callable[[Hosted], Clients]
    forget_logins: Callable[[], None]
    certificate: Callable[[], bytes]
    served: Callable[[], str]
    kept: Callable[[], Path]
    is_ready: Callable[[], bool]
    holds: Holds
    play: Callable[[str, str, Hosted], Awaitable[dict[str, object]]]
    check: Callable[[str, str], list[dict[str, object]]]
    record: Callable[[str, Hosted], str]
    vocabulary: Vocabulary
    secrets_of_settings: Mapping[str, tuple[str, ...]]
    ask: Ask


@dataclass(frozen=True, kw_only=True)
class Product:
    """What one product adds to the surfaces.

    Attributes:
        apis: its tables of operations.
        apis_with_files: those that keep uploads, each made with the place where these are.
        rehearsals: the operations that test credentials may use.
        control: functions that declare control calls.
        control_of_server: the same, for calls that need parts of the server.
        events: names that its events have outside; any other is called as it is in the code.
        webhooks: what its webhooks hear of and are asked about.
        secrets: names of fields, in lower case with underscores, that the journal does not show.
        secrets_of_settings: by table, fields whose value may have come from the environment; a
            snapshot does not show it then.
        sentences: names of modules in `scenarios/sentences/`; who plays nothing loads none.
        pages: of the console, each the default export of the module of its name in
            `console/page/pages/`.
        conformance: by file of Twilio's OpenAPI, such as `messaging_v1`, which paths are in scope,
            as a pattern.
    """

    apis: tuple[Api, ...] = ()
    apis_with_files: tuple[Callable[[Files], Api], ...] = ()
    rehearsals: tuple[Api, ...] = ()
    control: tuple[Callable[[Controls], None], ...] = ()
    control_of_server: tuple[Callable[[Controls, ServerParts], None], ...] = ()
    events: Mapping[type, str] = field(default_factory=dict)
    webhooks: tuple[ProductWebhooks, ...] = ()
    secrets: frozenset[str] = frozenset()
    secrets_of_settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    pages: tuple[ConsolePage, ...] = ()
    conformance: Mapping[str, str] = field(default_factory=dict)


EMULATOR = Product(
    control=(choices.declare, clock.declare),
    control_of_server=(
        lambda controls, it: emulator.declare(controls, it.certificate, it.is_ready, it.holds),
        lambda controls, it: environment.declare(
            controls, it.worlds, it.certificate, it.served, it.kept
        ),
        lambda controls, it: journal.declare(controls, it.vocabulary),
        lambda controls, it: webhooks.declare(controls, it.vocabulary),
        lambda controls, it: resets.declare(controls, it.worlds, it.forget_logins),
        lambda controls, it: scenarios.declare(controls, it.play, it.check, it.record),
        lambda controls, it: snapshots.declare(
            controls, it.worlds, it.files, it.forget_logins, it.secrets_of_settings
        ),
    ),
    events={ClockMoved: "clock.advanced"},
    sentences=("calls", "controls", "made_up", "parts", "receiving", "time"),
    pages=(
        ConsolePage("journal", "journal", "Journal", "j", 30),
        ConsolePage("webhooks", "webhook", "Webhooks", "w", 40),
        ConsolePage("faults", "fault", "Faults", "f", 60),
        ConsolePage("clock", "clock", "Clock", "k", 70),
        ConsolePage("calls", "call", "Control API", "i", 130),
    ),
)

CONVERSATIONS = Product(
    apis=(conversations_v1.api, flex_v2.api),
    apis_with_files=(media_v1.api,),
    control=(delivery_receipts.declare,),
    control_of_server=(
        lambda controls, it: connections.declare(controls, it.clients),
        lambda controls, it: conversations.declare(controls, it.files),
    ),
    events={TextCaptured: "conversation.captured"},
    webhooks=(conversations_listener.WEBHOOKS,),
    secrets=frozenset({"secret", "private_key", "certificate"}),
    sentences=("chat", "clients"),
    pages=(
        ConsolePage("conversations", "conversations", "Conversations", "c", 10),
        ConsolePage("connections", "connection", "Connections", "s", 110),
    ),
)

MESSAGING = Product(
    apis=(messaging_v1.api, messaging_v2.api, operations.api),
    rehearsals=(operations.rehearsals,),
    control=(opt_outs.declare, whatsapp_windows.declare, senders.declare, carrier.declare),
    control_of_server=(lambda controls, it: messages.declare(controls, it.vocabulary),),
    events={
        TextCreated: "message.accepted",
        TextStatusChanged: "message.status",
        OptOutChanged: "optout.changed",
    },
    webhooks=(messaging_listener.WEBHOOKS,),
    pages=(
        ConsolePage("messages", "inspect", "Messages", "m", 20),
        ConsolePage("optouts", "optout", "Opt-outs", "o", 90),
        ConsolePage("numbers", "number", "Numbers", "n", 100),
    ),
    conformance={
        "api_v2010": (
            r"/2010-04-01/Accounts(/\{Sid\})?\.json"
            r"|.*/\{AccountSid\}/(Applications|AvailablePhoneNumbers|IncomingPhoneNumbers|Keys"
            r"|Messages|OutgoingCallerIds|SigningKeys|SMS/ShortCodes)[./].*"
        ),
        "messaging_v1": r"/v1/Services.*",
        "messaging_v2": r"/v2/(Channels|Indicators)/.*",
    },
)

CONTENT = Product(
    apis=(content_v1.api, content_v1.api_v2),
    control=(templates.declare,),
    pages=(ConsolePage("templates", "template", "Templates", "t", 80),),
    conformance={"content_v1": r".*", "content_v2": r".*"},
)

ACCOUNTS = Product(
    apis=(iam_v1.api, iam_v1.accounts_api, monitor_v1.api, *oauth.APIS),
    control=(alerts.declare,),
    control_of_server=(
        lambda controls, it: accounts.declare(controls, it.worlds, it.forget_logins),
    ),
    events={AlertRaised: "debugger.alert"},
    pages=(
        ConsolePage("alerts", "alert", "Alerts", "a", 50),
        ConsolePage("accounts", "account", "Accounts", "u", 120),
    ),
    secrets=frozenset(
        {
            "auth_token",
            "secondary_auth_token",
            "test_auth_token",
            "api_secret",
            "oauth_client_secret",
            "client_secret",
            "access_token",
            "secret",
        }
    ),
    secrets_of_settings={
        "accounts": (
            "auth_token",
            "secondary_auth_token",
            "test_auth_token",
            "oauth_client_secret",
        ),
        "api_keys": ("secret",),
    },
    conformance={
        "iam_v1": r"/v1/Keys.*",
        "accounts_v1": r"/v1/AuthTokens/.*",
        "monitor_v1": r"/v1/Alerts.*",
    },
)

PHONES = Product(
    control=(handsets.declare, waits.declare, handset_calls.declare, mailboxes.declare),
    control_of_server=(
        lambda controls, it: handset_messages.declare(controls, it.files),
        lambda controls, it: media.declare(controls, it.files),
    ),
    events={
        HandsetReceived: "handset.received",
        HandsetSent: "handset.sent",
        HandsetRead: "handset.read",
        HandsetAdded: "handset.updated",
        HandsetUpdated: "handset.updated",
        HandsetRemoved: "handset.updated",
        InboxCleared: "handset.updated",
        HandsetRang: "call.ringing",
        CallAnswered: "call.answered",
        DigitsPressed: "call.pressed",
        CallEnded: "call.ended",
        CallsCleared: "handset.updated",
        MailReceived: "mailbox.received",
        MailboxCleared: "mailbox.cleared",
    },
    secrets=frozenset({"one_time_code"}),
    sentences=("phones",),
    pages=(
        ConsolePage("handsets", "phone", "Handsets", "h", 0),
        ConsolePage("mailboxes", "mail", "Mailboxes", "e", 5),
    ),
)

LOOKUP = Product(
    apis=(lookup_v2.api, lookup_v1.api),
    rehearsals=(lookup_v2.rehearsals,),
    control=(lookups.declare,),
    conformance={"lookups_v1": r".*", "lookups_v2": r".*"},
)

VERIFY = Product(
    sentences=("verify",),
    pages=(ConsolePage("verify", "verify", "Verify", "v", 25),),
    apis=(verify_v2.api,),
    control=(
        passkeys.declare,
        sna.declare,
        totp.declare,
        verifications.declare,
        verify_factors.declare,
        verify_fraud.declare,
        verify_templates.declare,
        verify_event_stream.declare,
    ),
    control_of_server=(lambda controls, it: push_devices.declare(controls, it.ask),),
    events={
        VerificationSent: "verification.sent",
        VerificationChecked: "verification.checked",
        VerificationApproved: "verification.approved",
        VerificationCanceled: "verification.canceled",
        VerificationExpired: "verification.expired",
        VerificationExhausted: "verification.max_attempts_reached",
        AttemptChanged: "verification.attempt",
        VerifyEventEmitted: "verification.told",
        VerificationBlocked: "verification.blocked",
    },
    webhooks=(verify_listener.WEBHOOKS, event_sink.WEBHOOKS),
    secrets=frozenset(
        {"private_key", "new_private_key", "secret", "access_token", "token", "binding_secret"}
        | {"auth_payload", "code", "custom_code", "fixed_code", "next_codes"}
    ),
    conformance={"verify_v2": r".*"},
)

MEMORY = Product(apis=(memory_v1.api,), control=(memory_profiles.declare,))

KNOWLEDGE = Product(apis=(knowledge_v2.api,), control=(knowledge_texts.declare,))

STUDIO = Product(
    apis=(studio_v2.api,),
    control=(executions.declare,),
    conformance={"studio_v2": r".*/Executions.*"},
)

ORCHESTRATOR = Product(
    apis=(orchestrator_v2.api,),
    webhooks=(
        orchestrator_listener.made(
            Looks(
                orchestrator_look.shown_conversation,
                orchestrator_look.shown_participant,
                orchestrator_look.shown_communication,
            )
        ),
    ),
    control=(orchestrated_conversations.declare, agents.declare),
    sentences=("agents",),
    pages=(ConsolePage("agents", "agent", "Agents", "g", 12),),
)

SYNC = Product(
    apis=(sync_v1.api,),
    control_of_server=(
        lambda controls, it: sync_objects.declare(controls, it.clients),
        lambda controls, it: sync_values.declare(controls, it.clients),
        lambda controls, it: sync_waits.declare(controls, it.clients),
    ),
    events={
        SyncServiceChanged: "sync.service",
        SyncResourceCreated: "sync.created",
        SyncDocumentUpdated: "sync.updated",
        SyncEndMoved: "sync.end_moved",
        SyncResourceRemoved: "sync.removed",
        SyncItemAdded: "sync.item_added",
        SyncItemUpdated: "sync.item_updated",
        SyncItemRemoved: "sync.item_removed",
        StreamMessagePublished: "sync.published",
        SyncPermissionChanged: "sync.permission",
        SyncEndpointConnected: "sync.connected",
        SyncEndpointDisconnected: "sync.disconnected",
        SyncReachabilityTold: "sync.reachability",
    },
    sentences=("sync",),
    pages=(ConsolePage("sync", "sync", "Sync", "y", 27),),
    webhooks=(sync_listener.WEBHOOKS,),
    conformance={"sync_v1": r".*"},
)

PRODUCTS = (
    EMULATOR,
    CONVERSATIONS,
    MESSAGING,
    CONTENT,
    ACCOUNTS,
    PHONES,
    LOOKUP,
    VERIFY,
    MEMORY,
    KNOWLEDGE,
    STUDIO,
    ORCHESTRATOR,
    SYNC,
)

APIS = tuple(chain.from_iterable(each.apis for each in PRODUCTS))
"""The tables of operations, but for those that need something of the server's."""

REHEARSALS = tuple(chain.from_iterable(each.rehearsals for each in PRODUCTS))

WEBHOOKS = tuple(chain.from_iterable(each.webhooks for each in PRODUCTS))

VOCABULARY = Vocabulary(
    events={event: name for each in PRODUCTS for event, name in each.events.items()},
    secrets=frozenset(chain.from_iterable(each.secrets for each in PRODUCTS)),
)

SECRETS_OF_SETTINGS = {
    table: fields for each in PRODUCTS for table, fields in each.secrets_of_settings.items()
}

SENTENCES = tuple(chain.from_iterable(each.sentences for each in PRODUCTS))

PAGES = tuple(
    sorted(chain.from_iterable(each.pages for each in PRODUCTS), key=lambda page: page.place)
)

CONFORMANCE = {file: paths for each in PRODUCTS for file, paths in each.conformance.items()}


def apis_with_files(files: Files) -> Iterable[Api]:
    """The tables of operations that keep uploads."""
    return [make(files) for each in PRODUCTS for make in each.apis_with_files]


def declare_controls(controls: Controls, parts: ServerParts) -> None:
    """Declare every control call."""
    for product in PRODUCTS:
        for declare in product.control:
            declare(controls)
        for declare_with in product.control_of_server:
            declare_with(controls, parts)


class _NoServer:
    """In place of the parts of a server, for who only asks what is declared."""

    vocabulary = VOCABULARY

    def __getattr__(self, name: str) -> None:
        return None


@cache
def declared_bodies() -> dict[str, dict[str, Callable[[], Any]]]:
    """By path and method of every control call, what gives the JSON Schema of its body (None when
    it takes none) and the schemas that this refers to, by name.
    """
    controls = Controls("", lambda _: None)
    declare_controls(controls, cast(ServerParts, _NoServer()))
    bodies: dict[str, dict[str, Callable[[], Any]]] = {}
    for call in controls.calls:
        bodies.setdefault(call.path, {})[call.method] = partial(_body, call)
    return bodies


def _body(call: ControlCall) -> Any:
    from twilio_emulator.control.openapi import body_schema
    from twilio_emulator.control.schemas import Schemas

    if not call.body:
        return None, {}
    schemas = Schemas()
    declared = {} if isinstance(call.body, str) else body_schema(call, schemas)[0]
    return declared, schemas.components
