"""The clients of every language that are led to an emulator, by `run` and nothing else.

`python -m tests.languages` runs them, prints a line for each, and writes the table of
docs/languages.md; a test runs them too.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/languages.md"
MODULES = HERE / "node_modules"
PATIENCE = 170  # seconds; Go compiles its library first

JAVA_LIBRARIES = ":".join(
    f"/usr/share/java/{name}.jar"
    for name in ("httpclient", "httpcore", "commons-logging", "commons-codec")
)
GUZZLE = "/usr/share/php/GuzzleHttp/autoload.php"


@dataclass(frozen=True)
class Client:
    """A client, and how it sends a text.

    Attributes:
        runtime: a key of `PROGRAMS`.
        name: as people know it.
        arguments: behind the runtime's program; the first is a file of `clients`, if it has a dot.
        needs: a file that it needs besides, by its path.
    """

    language: str
    runtime: str
    name: str
    arguments: tuple[str, ...]
    needs: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of it: `sent`, `absent` or `failed`, and its last words."""

    what: str
    words: str = ""


PROGRAMS: dict[str, Sequence[str]] = {
    "python": (sys.executable,),
    "node": ("node",),
    "node24": (f"{MODULES}/node-linux-*/bin/node",),
    "deno": (f"{MODULES}/@deno/*/deno",),
    "bun": (f"{MODULES}/@oven/bun-*/bin/bun",),
    "php": ("php",),
    "php-fpm": ("/usr/sbin/php-fpm*",),
    "java": ("java",),
    "go": ("go",),
    "ruby": ("ruby",),
    "perl": ("perl",),
    "erlang": ("escript",),
    "curl": ("curl",),
    "wget": ("wget",),
}
"""By runtime, what its program may be called: names, or patterns of paths."""

OF_PYTHON = {
    "twilio": "twilio",
    "twilio, asynchronous": "twilio_async",
    "requests": "requests",
    "urllib3": "urllib3",
    "urllib.request": "urllib",
    "aiohttp": "aiohttp",
    "httpx2": "httpx2",
    "httpx2, asynchronous, without the environment": "httpx2_async",
}
OF_JAVASCRIPT = (
    "twilio",
    "@twilio/conversations",
    "fetch",
    "undici",
    "got",
    "node-fetch",
    "superagent",
    "axios",
    "https",
)


def _clients() -> Iterator[Client]:
    for name, function in OF_PYTHON.items():
        yield Client("Python", "python", name, ("python.py", function))
    for name in ("twilio_async", "aiohttp"):
        yield Client(
            "Python",
            "python",
            f"{name.replace('_async', ', asynchronous')}, on uvloop",
            ("python.py", name, "uvloop"),
        )
    for language, runtime, before in (
        ("Node.js", "node", ()),
        ("Node.js 24", "node24", ()),
        ("Deno", "deno", ("run", "--allow-all", "--node-modules-dir=manual")),
        ("Bun", "bun", ()),
    ):
        for name in OF_JAVASCRIPT:
            needs = None if name in ("fetch", "https") else str(MODULES / ".installed")
            arguments = (*before, "javascript.mjs", name)
            yield Client(language, runtime, name, arguments, needs)
    yield Client("PHP", "php", "curl, as twilio-php has it", ("php.php", "curl"))
    yield Client("PHP", "php", "Guzzle", ("php.php", "guzzle"), GUZZLE)
    for name in ("curl", "guzzle"):
        needs = GUZZLE if name == "guzzle" else None
        shown = {"curl": "curl", "guzzle": "Guzzle"}[name]
        yield Client("PHP", "php-fpm", f"{shown}, in php-fpm", ("php_fpm.sh", name), needs)
    for name in ("java.net.http", "HttpsURLConnection"):
        yield Client("Java", "java", name, ("Java.java", name))
    apache = ("-cp", JAVA_LIBRARIES, "Java.java", "apache")
    yield Client(
        "Java", "java", "Apache's, as twilio-java has it", apache, JAVA_LIBRARIES.split(":")[0]
    )
    yield Client("Go", "go", "net/http", ("run", "go.go"))
    yield Client("Ruby", "ruby", "Net::HTTP", ("ruby.rb",))
    yield Client(
        "Perl", "perl", "LWP", ("perl.pl", "LWP"), "/usr/share/perl5/LWP/Protocol/https.pm"
    )
    yield Client("Perl", "perl", "HTTP::Tiny", ("perl.pl", "Tiny"))
    yield Client("Erlang", "erlang", "httpc", ("erlang.escript",))
    yield Client("The shell", "curl", "curl", ("shell.sh", "curl"))
    yield Client("The shell", "wget", "wget", ("shell.sh", "wget"))


CLIENTS = tuple(_clients())


def program(runtime: str) -> str | None:
    """The program of a runtime, if it is here."""
    for name in PROGRAMS[runtime]:
        if "/" not in name:
            found = shutil.which(name)
        else:
            found = next(map(str, sorted(Path("/").glob(name.removeprefix("/")))), None)
        if found is not None:
            return found
    return None


def command(client: Client) -> list[str] | None:
    """How the client is run; None where what it needs is not here."""
    found = program(client.runtime)
    if found is None or (client.needs is not None and not Path(client.needs).exists()):
        return None
    files = HERE / "clients"
    arguments = [
        str(files / each) if (files / each).is_file() else each for each in client.arguments
    ]
    script = arguments[0]
    if script.endswith("fpm.sh"):
        return ["sh", script, found, *arguments[1:]]
    return [*(["sh"] if script.endswith(".sh") else [found]), *arguments]


def run(client: Client) -> Outcome:
    """Have the client send a text, by `run` and nothing else."""
    its = command(client)
    if its is None:
        return Outcome("absent")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TWILIO_", "COVERAGE_")) and not name.lower().endswith("_proxy")
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "twilio_emulator", "run", "--quiet", "--", *its],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            cwd=HERE,
        )
    except subprocess.TimeoutExpired:
        return Outcome("failed", f"it was not done in {PATIENCE} s")
    if done.stdout.split() == ["201"]:
        return Outcome("sent")
    return Outcome("failed", " ".join(f"{done.stdout} {done.stderr[-2000:]}".split()))


def written(page: str) -> str:
    """The page with its table."""
    rows: dict[str, list[str]] = {}
    for client in CLIENTS:
        rows.setdefault(client.language, []).append(client.name)
    lines = [
        "| Language | Clients that send a text by `run` alone |",
        "| --- | --- |",
        *(
            f"| {language} | {'; '.join(f'`{name}`' for name in names)} |"
            for language, names in rows.items()
        ),
    ]
    start, end = "<!-- python -m tests.languages -->", "<!-- end -->"
    return re.sub(f"{start}.*?{end}", "\n".join((start, *lines, end)), page, flags=re.DOTALL)
