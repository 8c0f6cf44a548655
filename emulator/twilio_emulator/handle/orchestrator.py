"""Conversations v2 as a test holds it: conversations across channels, agents, memory."""

from collections.abc import Coroutine, Sequence
from typing import Any

from twilio_emulator.handle.awaiting import Calls, Synchronous, at_once, synchronous
from twilio_emulator.handle.calling import segment
from twilio_emulator.handle.handset import AsyncHandset, Handset

__tracebackhide__ = True

Person = str | Handset | AsyncHandset
"""Somebody: their phone, their address, or the id of their profile."""


class AsyncOrchestrator:
    """Conversations v2 of the emulator's account: `emulator.orchestrator`.

    A conversation is named by its id, or by somebody who is in it; of several it is the newest.

    Args:
        calls: the control API.
        configuration_id: of the configuration that the account began with.
        memory_store_id: of its memory store.
    """

    def __init__(self, calls: Calls, configuration_id: str, memory_store_id: str) -> None:
        self.configuration_id = configuration_id
        self.memory_store_id = memory_store_id
        self._calls = calls

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.configuration_id}>"

    async def connect(
        self,
        url: str,
        *,
        channels: Sequence[str] | None = None,
        numbers: Sequence[str] | None = None,
        configuration: str | None = None,
    ) -> dict[str, Any]:
        """Have an agent be told of what customers write: sets a configuration for it.

        Args:
            url: where it takes status callbacks.
            channels: `SMS`, `WHATSAPP`, `RCS` and `CHAT`; all unless given.
            numbers: those of the account whose texts are captured; all unless given.
            configuration: the id of the configuration; the account's first unless given.

        Returns:
            the configuration, as it is now.

        Raises:
            CannotCall: there is no such configuration, or that is no URL.
        """
        wish = {
            "url": url,
            "channels": channels and list(channels),
            "numbers": numbers and list(numbers),
            "configuration": configuration,
        }
        given = {name: value for name, value in wish.items() if value is not None}
        connected: dict[str, Any] = await self._calls.call("PUT", "/orchestrator/agent", given)
        return connected

    async def disconnect(self, configuration: str | None = None) -> dict[str, Any]:
        """Have a configuration capture nothing and tell nobody; answers it.

        Raises:
            CannotCall: there is no such configuration.
        """
        query = {} if configuration is None else {"configuration": configuration}
        left: dict[str, Any] = await self._calls.call("DELETE", "/orchestrator/agent", query=query)
        return left

    @property
    def conversations(self) -> Coroutine[Any, Any, list[dict[str, Any]]]:
        """Every conversation with who is in it, newest first."""
        return self._conversations()

    async def conversation(self, which: Person) -> dict[str, Any]:
        """A conversation, with who is in it and what was said last.

        Raises:
            CannotCall: there is none.
        """
        shown: dict[str, Any] = await self._calls.get(_conversation(which))
        return shown

    async def communications(self, which: Person) -> list[dict[str, Any]]:
        """What was said in a conversation on all channels, oldest first.

        Raises:
            CannotCall: there is none.
        """
        path = f"{_conversation(which)}/communications"
        said: list[dict[str, Any]] = (await self._calls.get(path))["communications"]
        return said

    async def close(self, which: Person) -> dict[str, Any]:
        """Close a conversation, for good; answers it.

        Raises:
            CannotCall: there is none, or it is closed.
        """
        closed: dict[str, Any] = await self._calls.call("POST", f"{_conversation(which)}/close")
        return closed

    async def profile_of(self, who: Person) -> dict[str, Any]:
        """A customer as the memory store knows them: identifiers, traits, observations, summaries.

        Raises:
            CannotCall: nobody is known by that.
        """
        shown: dict[str, Any] = await self._calls.get(_profile(who))
        return shown

    async def remember(self, /, who: Person, content: str, **said: object) -> dict[str, Any]:
        """Remember something of a customer, who is made known if nobody is; answers the profile.

        Args:
            said: `source`, `occurred_at` and `conversation_ids`, where they matter.

        Raises:
            CannotCall: that cannot be remembered; the text says why.
        """
        wish = {"content": content, **said}
        profile: dict[str, Any] = await self._calls.call(
            "POST", f"{_profile(who)}/observations", wish
        )
        return profile

    async def teach(
        self, content: str, *, name: str | None = None, base: str | None = None
    ) -> dict[str, Any]:
        """Put a text into a knowledge base, which is made if there is none; answers the base.

        Args:
            name: what the text is called.
            base: the name or the id of the base.

        Raises:
            CannotCall: that cannot be; the text says why.
        """
        wish = {"content": content, "name": name, "base": base}
        given = {key: value for key, value in wish.items() if value is not None}
        taught: dict[str, Any] = await self._calls.call("POST", "/knowledge/texts", given)
        return taught

    @property
    def hand_overs(self) -> Coroutine[Any, Any, list[dict[str, Any]]]:
        """Who was handed over to a flow of Studio, and with what, newest first."""
        return self._hand_overs()

    async def _hand_overs(self) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = (await self._calls.get("/studio/executions"))["executions"]
        return shown

    async def _conversations(self) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = (await self._calls.get("/orchestrator/conversations"))[
            "conversations"
        ]
        return shown


class Orchestrator(Synchronous[AsyncOrchestrator]):
    """Conversations v2 of the emulator's account."""

    @property
    def configuration_id(self) -> str:
        """Of the configuration that the account began with."""
        return self._asynchronous.configuration_id

    @property
    def memory_store_id(self) -> str:
        """Of its memory store."""
        return self._asynchronous.memory_store_id

    def __repr__(self) -> str:
        return f"<Orchestrator {self.configuration_id}>"

    @property
    def conversations(self) -> list[dict[str, Any]]:
        """Every conversation with who is in it, newest first."""
        return at_once(self._asynchronous.conversations)

    @property
    def hand_overs(self) -> list[dict[str, Any]]:
        """Who was handed over to a flow of Studio, and with what, newest first."""
        return at_once(self._asynchronous.hand_overs)

    connect = synchronous(AsyncOrchestrator.connect)
    disconnect = synchronous(AsyncOrchestrator.disconnect)
    conversation = synchronous(AsyncOrchestrator.conversation)
    communications = synchronous(AsyncOrchestrator.communications)
    close = synchronous(AsyncOrchestrator.close)
    profile_of = synchronous(AsyncOrchestrator.profile_of)
    remember = synchronous(AsyncOrchestrator.remember)
    teach = synchronous(AsyncOrchestrator.teach)


def address_of(who: Person) -> str:
    """What names somebody in a path."""
    return who if isinstance(who, str) else who.address


def _conversation(which: Person) -> str:
    return f"/orchestrator/conversations/{segment(address_of(which))}"


def _profile(who: Person) -> str:
    return f"/memory/profiles/{segment(address_of(who))}"
