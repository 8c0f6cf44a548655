"""A compose file as processes: what its services run, with their variables, volumes and names.

The rules of this file:

- What a service runs, and what it has besides the variables of the compose file, is in the
  Dockerfile that it is built from: `ENV`, `ENTRYPOINT`, `CMD`, `HEALTHCHECK`.
- A volume is a folder, whose path stands in the variables where the volume's did.
- A service starts when those that it waits for are healthy, by their own health checks.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import CLIENTS
from tests.examples.networks import Network, network
from tests.programs import started

EXAMPLES = Path(__file__).parents[2] / "examples"
SECONDS = 100.0

_BARE = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("TWILIO_") and not name.upper().endswith("_PROXY")
}


def read(path: Path) -> dict[str, Any]:
    """A YAML file."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def dockerfile(folder: Path) -> dict[str, list[str]]:
    """The instructions of the last stage of a folder's Dockerfile, in order."""
    lines = (folder / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found = {}
        found.setdefault(name, []).append(rest.strip())
    return found


def exec_form(text: str) -> list[str]:
    """The command in an instruction that has it as a list."""
    found: list[str] = json.loads(text[text.index("[") :])
    return found


class Service:
    """A service of a compose file.

    Args:
        folder: where the file is.
        node: the path of Node.js.
        volumes: folders by the name of a volume.
    """

    def __init__(
        self, folder: Path, declared: Mapping[str, Any], node: str, volumes: Mapping[str, Path]
    ) -> None:
        self.declared = declared
        self.home = (folder / declared["build"]).resolve()
        self.image = dockerfile(self.home)
        self._programs = {
            "node": node,
            "python": sys.executable,
            "twilio-emulator": str(Path(sys.executable).with_name("twilio-emulator")),
        }
        mounts = (each.split(":")[:2] for each in declared.get("volumes", ()))
        self._mounted = {target: str(volumes[source]) for source, target in mounts}

    @property
    def aliases(self) -> list[str]:
        """What else it is called in the network."""
        networks = self.declared.get("networks", {"default": {}})
        found: list[str] = networks["default"].get("aliases", [])
        return found

    @property
    def environment(self) -> dict[str, str]:
        """Its variables."""
        image = (shlex.split(line) for line in self.image.get("ENV", ()))
        said = dict(each.split("=", 1) for line in image for each in line)
        said |= {name: str(value) for name, value in self.declared["environment"].items()}
        placed = {name: self._placed(value) for name, value in said.items()}
        return {**_BARE, "NODE_PATH": str(CLIENTS / "node_modules"), **placed}

    @property
    def command(self) -> list[str]:
        """What it runs."""
        parts = [*self.image.get("ENTRYPOINT", ()), *self.image["CMD"]]
        return self._run([word for part in parts for word in exec_form(part)])

    @property
    def health_check(self) -> list[str]:
        """What says whether it is healthy."""
        (check,) = self.image["HEALTHCHECK"]
        return self._run(exec_form(check))

    @property
    def waits_for(self) -> list[str]:
        """Services that have to be healthy before."""
        needed = self.declared.get("depends_on", {})
        assert all(each == {"condition": "service_healthy"} for each in needed.values())
        return list(needed)

    def _run(self, command: list[str]) -> list[str]:
        return [self._programs[command[0]], *command[1:]]

    def _placed(self, value: str) -> str:
        for target, folder in self._mounted.items():
            value = re.sub(rf"(?<![\w.]){re.escape(target)}(?=/|$)", folder, value)
        return value


@contextmanager
def up(file: Path, node: str, scratch: Path) -> Iterator[tuple[Network, dict[str, Path]]]:
    """The stack of a compose file, healthy; answers its network, and its volumes as folders."""
    declared = read(file)
    volumes = {name: scratch / name for name in declared["volumes"]}
    for volume in volumes.values():
        volume.mkdir(mode=0o755)
    services = {
        name: Service(file.parent, each, node, volumes)
        for name, each in declared["services"].items()
    }
    order = sorted(services, key=lambda name: len(services[name].waits_for))
    with ExitStack() as running:
        names = {name: service.aliases for name, service in services.items()}
        net = running.enter_context(network(names))
        for name in order:
            service = services[name]
            assert set(service.waits_for) <= set(order[: order.index(name)])
            log = scratch / f"{name}.log"
            running.enter_context(
                started(
                    net.command(name, *service.command),
                    seconds=SECONDS,
                    cwd=service.home,
                    env=service.environment,
                    stdout=running.enter_context(log.open("w")),
                    stderr=subprocess.STDOUT,
                )
            )
            _await_health(
                net.command(name, *service.health_check), service, scratch / f"{name}.log"
            )
        yield net, volumes


def _await_health(check: list[str], service: Service, log: Path) -> None:
    """Ask as Docker does, until it is healthy."""
    pause = threading.Event()
    for _ in range(120):
        asked = subprocess.run(
            check, env=service.environment, capture_output=True, check=False, timeout=60
        )
        if asked.returncode == 0:
            return
        pause.wait(0.1)
    raise AssertionError(f"not healthy: {asked.stderr.decode()}\n{log.read_text()}")
