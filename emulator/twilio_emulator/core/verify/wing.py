"""Verify, as a part of the rules."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.phones.call_resources import CallAnswered, CallEnded, HandsetRang
from twilio_emulator.core.phones.handsets import HandsetRemoved
from twilio_emulator.core.texts.text import TextStatusChanged
from twilio_emulator.core.verify import (
    access_tokens,
    attempts,
    by_call,
    by_sna,
    challenges,
    entities,
    event_stream,
    factors,
    fallback,
    messaging_configurations,
    notifications,
    push_devices,
    rate_limits,
    services,
    webhooks,
)
from twilio_emulator.core.verify.access_tokens import AddFactorByToken, AddFactorToken, FactorTokens
from twilio_emulator.core.verify.by_sna import OpenSnaLink, SnaLinks
from twilio_emulator.core.verify.challenge_commands import AddChallenge, AnswerChallenge
from twilio_emulator.core.verify.challenges import ChallengeCreated, Challenges, ExpireChallenge
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.entities import AddEntity, Entities, EntityRemoved, RemoveEntity
from twilio_emulator.core.verify.event_stream import EventSinks, SetEventSink, StreamEvents
from twilio_emulator.core.verify.factor_commands import AddFactor, RemoveFactor, UpdateFactor
from twilio_emulator.core.verify.factors import FactorRemoved, Factors
from twilio_emulator.core.verify.fraud import (
    AddFraudRule,
    FraudRules,
    NoteBlocked,
    RemoveFraudRules,
)
from twilio_emulator.core.verify.messaging_configurations import (
    AddMessagingConfiguration,
    MessagingConfigurations,
    RemoveMessagingConfiguration,
    UpdateMessagingConfiguration,
)
from twilio_emulator.core.verify.notifications import AddPushNotification, PushNotifications
from twilio_emulator.core.verify.passkeys import (
    AddPasskeysChallenge,
    AddPasskeysFactor,
    ApprovePasskeysChallenge,
    VerifyPasskeysFactor,
)
from twilio_emulator.core.verify.passkeys_held import (
    HeldPasskeys,
    MakePasskey,
    UsePasskey,
    lose_passkeys,
)
from twilio_emulator.core.verify.push_devices import (
    AddPushDevice,
    DrawDeviceKey,
    EnrollPushDevice,
    PushDevices,
    PushDeviceUpdated,
    RemovePushDevice,
    UpdatePushDevice,
)
from twilio_emulator.core.verify.rate_limits import (
    AddRateLimit,
    AddRateLimitBucket,
    RateLimitBuckets,
    RateLimits,
    RateLimitWindows,
    RemoveRateLimit,
    RemoveRateLimitBucket,
    UpdateRateLimit,
    UpdateRateLimitBucket,
)
from twilio_emulator.core.verify.resources import (
    VerificationApproved,
    VerificationCanceled,
    VerificationExhausted,
    VerificationExpired,
    Verifications,
    VerificationSent,
    VerifyAttempts,
    VerifyServiceChanged,
    VerifyServices,
)
from twilio_emulator.core.verify.safe_list import (
    AddToSafeList,
    RemoveFromSafeList,
    SafeListEntries,
)
from twilio_emulator.core.verify.service_switches import SwitchVerifyService
from twilio_emulator.core.verify.services import (
    AddVerifyService,
    RemoveVerifyService,
    UpdateVerifyService,
)
from twilio_emulator.core.verify.templates import (
    AddVerifyTemplate,
    RemoveVerifyTemplates,
    VerifyTemplates,
)
from twilio_emulator.core.verify.verifications import (
    CreateVerification,
    EndVerification,
    ExpireVerification,
    UpdateVerification,
)
from twilio_emulator.core.verify.webhooks import (
    AddVerifyWebhook,
    RemoveVerifyWebhook,
    UpdateVerifyWebhook,
    VerifyWebhooks,
)

VERIFY = Wing(
    name="verify",
    tables=(
        VerifyServices,
        Verifications,
        VerifyAttempts,
        HeldPasskeys,
        Entities,
        Factors,
        Challenges,
        PushNotifications,
        PushDevices,
        FactorTokens,
        VerifyWebhooks,
        SnaLinks,
        VerifyTemplates,
        MessagingConfigurations,
        RateLimits,
        RateLimitBuckets,
        RateLimitWindows,
        SafeListEntries,
        FraudRules,
        StreamEvents,
        EventSinks,
    ),
    commands=(
        AddVerifyService,
        UpdateVerifyService,
        RemoveVerifyService,
        SwitchVerifyService,
        CreateVerification,
        UpdateVerification,
        ExpireVerification,
        EndVerification,
        CheckVerification,
        MakePasskey,
        UsePasskey,
        AddPasskeysFactor,
        VerifyPasskeysFactor,
        AddPasskeysChallenge,
        ApprovePasskeysChallenge,
        AddEntity,
        RemoveEntity,
        AddFactor,
        UpdateFactor,
        RemoveFactor,
        AddChallenge,
        AnswerChallenge,
        ExpireChallenge,
        AddPushNotification,
        AddPushDevice,
        UpdatePushDevice,
        DrawDeviceKey,
        EnrollPushDevice,
        RemovePushDevice,
        AddFactorToken,
        AddFactorByToken,
        AddVerifyWebhook,
        UpdateVerifyWebhook,
        RemoveVerifyWebhook,
        OpenSnaLink,
        AddVerifyTemplate,
        RemoveVerifyTemplates,
        AddMessagingConfiguration,
        UpdateMessagingConfiguration,
        RemoveMessagingConfiguration,
        AddRateLimit,
        UpdateRateLimit,
        RemoveRateLimit,
        AddRateLimitBucket,
        UpdateRateLimitBucket,
        RemoveRateLimitBucket,
        AddToSafeList,
        RemoveFromSafeList,
        AddFraudRule,
        RemoveFraudRules,
        NoteBlocked,
        SetEventSink,
    ),
    reactions=(
        (AccountOpened, services.open_first),
        (TextStatusChanged, attempts.follow_text),
        (HandsetRemoved, lose_passkeys),
        (VerifyServiceChanged, entities.service_changed),
        (VerifyServiceChanged, challenges.service_changed),
        (VerifyServiceChanged, access_tokens.service_changed),
        (VerifyServiceChanged, webhooks.service_changed),
        (EntityRemoved, factors.entity_removed),
        (FactorRemoved, challenges.factor_removed),
        (FactorRemoved, notifications.factor_removed),
        (FactorRemoved, push_devices.factor_removed),
        (ChallengeCreated, notifications.challenge_created),
        (PushDeviceUpdated, notifications.device_updated),
        (TextStatusChanged, fallback.follow_lost_text),
        (VerifyServiceChanged, by_sna.forget),
        (HandsetRang, by_call.follow_call),
        (CallAnswered, by_call.follow_call),
        (CallEnded, by_call.follow_call),
        (VerifyServiceChanged, messaging_configurations.forget_configurations),
        (VerifyServiceChanged, rate_limits.forget_rate_limits),
        (VerificationSent, event_stream.tell_sent),
        (VerificationApproved, event_stream.tell_ended),
        (VerificationCanceled, event_stream.tell_ended),
        (VerificationExhausted, event_stream.tell_ended),
        (VerificationExpired, event_stream.tell_expired),
    ),
)
