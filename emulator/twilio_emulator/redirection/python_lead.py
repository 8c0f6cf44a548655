"""Leads what this Python process says to Twilio to an emulator; a `sitecustomize` begins a copy.

The rules of this file:

- It knows the standard library alone, as any Python from 3.8 on has it, and loads nothing of it
  that the program does not load: what it changes it changes when that is imported.
- A name of Twilio's gets an address that nobody has, and a connection to that address goes to the
  emulator: some clients (anyio, which httpx has) keep the address of an answer and forget its port.
- The name stays what it was, so what TLS checks is what it checks at Twilio. To a context that
  verifies it the emulator's authority is added, whenever and from whatever file it was made.
"""

from __future__ import annotations

import sys
from functools import partial, wraps

# The types alone need more, and nothing of it when this runs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

IPV4 = "127.84.87.73"
IPV6 = "fd54:776c::1"
"""Addresses that stand for Twilio, and are never called."""

MARK = "twilio-emulator-lead"
"""A file beside a copy of this one, by which another copy knows it."""


def is_twilios(host: object) -> bool:
    """Whether it is a name of Twilio's, as text or bytes."""
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    return isinstance(host, str) and host.rstrip(".").lower().endswith(".twilio.com")


class Lead:
    """Changes to this process, until they are taken back.

    Args:
        host: of the emulator; an address or a name.
        port: of the emulator.
        authority: its certificate authority, in PEM; None trusts nothing further.
    """

    def __init__(self, host: str, port: int, authority: str | None) -> None:
        self.host = host
        self.port = port
        self.authority = authority
        self._waiting: dict[str, Callable[[ModuleType], None]] = {
            "socket": self._change_socket,
            "ssl": self._change_ssl,
            "uvloop": self._change_uvloop,
            "aiohttp.resolver": self._change_aiohttp,
        }
        self._changed: list[tuple[Any, str, Any]] = []

    def begin(self) -> None:
        """Change what is imported, and the rest as soon as it is."""
        for name in list(self._waiting):
            if name in sys.modules:
                self._waiting.pop(name)(sys.modules[name])
        sys.meta_path.insert(0, self)

    def end(self) -> None:
        """Take it all back."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for owner, name, before in reversed(self._changed):
            if before is None:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._changed.clear()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module as the others find it, and change it when it has been loaded."""
        change = self._waiting.pop(name, None)
        if change is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None
            if finder is not self and find is not None:
                spec = find(name, path, target)
            if spec is None or spec.loader is None:
                continue
            loader: Any = spec.loader
            loader.exec_module = _then(loader.exec_module, change)
            return spec
        return None

    def _change(self, owner: Any, name: str, after: Any) -> None:
        self._changed.append((owner, name, owner.__dict__.get(name)))
        setattr(owner, name, after)

    def _change_socket(self, socket: ModuleType) -> None:
        stand_in = {socket.AF_INET: IPV4, socket.AF_INET6: IPV6}
        look_up, look_up_one = socket.getaddrinfo, socket.gethostbyname

        @wraps(look_up)
        def getaddrinfo(
            host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
        ) -> Any:
            if not is_twilios(host):
                return look_up(host, port, family, type, proto, flags)
            if not isinstance(port, int):
                port = look_up(None, port, 0, type, proto)[0][4][1]
            flags &= ~socket.AI_ADDRCONFIG
            return [
                (family, type, proto, name, (stand_in[family], port, *address[2:]))
                for family, type, proto, name, address in look_up(
                    self.host, self.port, family, type, proto, flags
                )
            ]

        @wraps(look_up_one)
        def gethostbyname(host: Any) -> Any:
            return IPV4 if is_twilios(host) else look_up_one(host)

        def meant(connection: Any, address: Any) -> Any:
            """Where a connection is to go that was to go to this address."""
            if connection.family not in stand_in or not isinstance(address, tuple):
                return address
            if address[0] != stand_in[connection.family] and not is_twilios(address[0]):
                return address
            found = look_up(self.host, self.port, connection.family, socket.SOCK_STREAM)
            return found[0][4]

        connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

        def lead(connection: Any, address: Any) -> Any:
            return connect(connection, meant(connection, address))

        def lead_ex(connection: Any, address: Any) -> Any:
            return connect_ex(connection, meant(connection, address))

        self._change(socket, "getaddrinfo", getaddrinfo)
        self._change(socket, "gethostbyname", gethostbyname)
        self._change(socket.socket, "connect", lead)
        self._change(socket.socket, "connect_ex", lead_ex)

    def _change_ssl(self, ssl: ModuleType) -> None:
        if self.authority is None:
            return
        trusting = f"_twilio_emulator_{hash(self.authority)}"

        def trust(context: Any, host: object) -> None:
            if not is_twilios(host) or context.verify_mode == ssl.CERT_NONE:
                return
            if not hasattr(context, trusting):
                context.load_verify_locations(cadata=self.authority)
                setattr(context, trusting, True)

        wrap_socket, wrap_bio = ssl.SSLContext.wrap_socket, ssl.SSLContext.wrap_bio

        @wraps(wrap_socket)
        def wrap_socket_trusting(context: Any, *given: Any, **named: Any) -> Any:
            trust(context, named.get("server_hostname", given[4] if len(given) > 4 else None))
            return wrap_socket(context, *given, **named)

        @wraps(wrap_bio)
        def wrap_bio_trusting(context: Any, *given: Any, **named: Any) -> Any:
            trust(context, named.get("server_hostname", given[3] if len(given) > 3 else None))
            return wrap_bio(context, *given, **named)

        self._change(ssl.SSLContext, "wrap_socket", wrap_socket_trusting)
        self._change(ssl.SSLContext, "wrap_bio", wrap_bio_trusting)

    def _change_uvloop(self, uvloop: ModuleType) -> None:
        """It asks the system for addresses by itself."""
        look_up, connect = uvloop.Loop.getaddrinfo, uvloop.Loop.create_connection

        async def getaddrinfo(loop: Any, host: Any, port: Any, **named: Any) -> Any:
            if not is_twilios(host):
                return await look_up(loop, host, port, **named)
            import socket

            return await loop.run_in_executor(
                None, partial(socket.getaddrinfo, host, port, **named)
            )

        async def create_connection(
            loop: Any, protocol_factory: Any, host: Any = None, port: Any = None, **named: Any
        ) -> Any:
            if is_twilios(host) or host in (IPV4, IPV6):
                if named.get("ssl") and named.get("server_hostname") is None:
                    named["server_hostname"] = host
                host, port = self.host, self.port
            return await connect(loop, protocol_factory, host, port, **named)

        self._change(uvloop.Loop, "getaddrinfo", getaddrinfo)
        self._change(uvloop.Loop, "create_connection", create_connection)

    def _change_aiohttp(self, resolver: ModuleType) -> None:
        """Where aiodns is installed, it asks name servers by itself."""
        resolve = resolver.AsyncResolver.resolve

        async def lead(asked: Any, host: str, *given: Any, **named: Any) -> Any:
            if is_twilios(host):
                return await resolver.ThreadedResolver().resolve(host, *given, **named)
            return await resolve(asked, host, *given, **named)

        self._change(resolver.AsyncResolver, "resolve", lead)


def _then(
    load: Callable[[ModuleType], None], change: Callable[[ModuleType], None]
) -> Callable[[ModuleType], None]:
    def load_and_change(module: ModuleType) -> None:
        load(module)
        change(module)

    return load_and_change


def begin_as_sitecustomize(own_file: str, host: str, port: int) -> None:
    """Lead this process for as long as it lives, and run the `sitecustomize` that ours hides.

    Args:
        own_file: the `sitecustomize`; the authority lies in the folder above.
    """
    import importlib.machinery
    import importlib.util
    import os

    own_folder = os.path.dirname(os.path.abspath(own_file))
    try:
        with open(os.path.join(os.path.dirname(own_folder), "authority.pem")) as file:
            authority = file.read()
    except OSError:
        return  # the emulator that it led to is gone, and its files with it
    Lead(host, port, authority).begin()
    others = [
        folder for folder in sys.path if not os.path.isfile(os.path.join(folder or ".", MARK))
    ]
    hidden = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if hidden is not None and hidden.loader is not None:
        module = importlib.util.module_from_spec(hidden)
        sys.modules["sitecustomize"] = module
        hidden.loader.exec_module(module)
