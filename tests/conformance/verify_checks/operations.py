"""Which operations of Twilio's OpenAPI files requests were for."""

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from tests.conformance.referee import FOLDER

FILES = {
    "verify.twilio.com": ("twilio_verify_v2.json",),
    "lookups.twilio.com": ("twilio_lookups_v2.json", "twilio_lookups_v1.json"),
    "sync.twilio.com": ("twilio_sync_v1.json",),
}
METHODS = ("get", "post", "put", "delete")


def described(*hosts: str) -> dict[str, str]:
    """Every operation by its name: its method and path."""
    return {
        operation["operationId"] + (" of v1" if path.startswith("/v1/") else ""): (
            f"{method.upper()} {host}{path}"
        )
        for host in hosts
        for file in FILES[host]
        for path, methods in json.loads((FOLDER / file).read_text())["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def reached(operations: dict[str, str], asked: Iterable[tuple[str, str]]) -> set[str]:
    """The names of those operations that were asked, by method and URL."""
    patterns = [
        (name, re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(place))))
        for name, place in sorted(operations.items(), key=lambda each: each[1].count("{"))
    ]
    names = set()
    for method, url in asked:
        parts = urlsplit(url)
        said = f"{method.upper()} {parts.hostname}{parts.path}"
        names.add(next((name for name, each in patterns if each.fullmatch(said)), said))
    return names
