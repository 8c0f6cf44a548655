"""Accounts, their keys, subaccounts, and the alerts of the debugger."""

from twilio_emulator.core.accounts.accounts import Accounts, ApiKeys, OpenAccount
from twilio_emulator.core.accounts.api_keys import AddApiKey, RemoveApiKey, UpdateApiKey
from twilio_emulator.core.accounts.debugger_alerts import Alerts, RaiseAlert
from twilio_emulator.core.accounts.subaccounts import (
    AddSecondaryAuthToken,
    AddSubaccount,
    PromoteAuthToken,
    RemoveSecondaryAuthToken,
    UpdateAccount,
)
from twilio_emulator.core.kernel.wing import Wing

ACCOUNTS = Wing(
    name="accounts",
    tables=(
        Accounts,
        ApiKeys,
        Alerts,
    ),
    commands=(
        OpenAccount,
        AddApiKey,
        UpdateApiKey,
        RemoveApiKey,
        RaiseAlert,
        AddSubaccount,
        UpdateAccount,
        AddSecondaryAuthToken,
        PromoteAuthToken,
        RemoveSecondaryAuthToken,
    ),
)
