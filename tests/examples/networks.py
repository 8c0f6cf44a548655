"""A network of containers without containers: each has a network namespace of its own, with an
address and with the names of the others (`ip netns`, of iproute2)."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.conftest import absent

OUTSIDE = "outside"
"""The machine that the containers run on."""

_FOLDER = Path("/etc/netns")
_NET = "10.231.77"
_numbers = itertools.count(1)


class Network:
    """Namespaces by the name of what is in them, besides that of the machine itself."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def command(self, who: str, *command: str) -> list[str]:
        """A command as it is run there."""
        return ["ip", "netns", "exec", f"{self._prefix}-{who}", *command]


@contextmanager
def network(names: Mapping[str, Iterable[str]]) -> Iterator[Network]:
    """A network, in which everybody knows everybody by name.

    Args:
        names: who is there, and what else each is called.
    """
    if shutil.which("ip") is None:
        absent("iproute2 is not installed")
    if os.geteuid() != 0:
        absent("only root makes network namespaces")
    prefix = f"te{os.getpid()}-{next(_numbers)}"
    addresses = {who: f"{_NET}.{number}" for number, who in enumerate((OUTSIDE, *names), 1)}
    lines = ["127.0.0.1 localhost", "::1 localhost"]
    for who, others in names.items():
        lines.append(" ".join((addresses[who], who, *others)))
    with ExitStack() as opened:
        for who in addresses:
            space = f"{prefix}-{who}"
            try:
                _ip("netns", "add", space)
            except subprocess.CalledProcessError as refused:
                absent(f"no network namespaces: {refused.stderr.strip()}")
            opened.callback(_ip, "netns", "delete", space)
            (_FOLDER / space).mkdir(parents=True)
            opened.callback(shutil.rmtree, _FOLDER / space)
            (_FOLDER / space / "hosts").write_text("\n".join(lines) + "\n")
            _ip("-n", space, "link", "set", "lo", "up")
        outside = f"{prefix}-{OUTSIDE}"
        _ip("-n", outside, "link", "add", "bridge", "type", "bridge")
        _ip("-n", outside, "address", "add", f"{addresses[OUTSIDE]}/24", "dev", "bridge")
        _ip("-n", outside, "link", "set", "bridge", "up")
        for number, who in enumerate(names):
            space, end = f"{prefix}-{who}", f"port{number}"
            peer = ("peer", "name", "eth0", "netns", space)
            _ip("-n", outside, "link", "add", end, "type", "veth", *peer)
            _ip("-n", outside, "link", "set", end, "master", "bridge", "up")
            _ip("-n", space, "address", "add", f"{addresses[who]}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "eth0", "up")
        yield Network(prefix)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=30)
