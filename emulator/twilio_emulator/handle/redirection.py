"""The environment that redirects a program to an emulator, which needs no other change.

The rules of this file:

- What each client honours differs, so everything is set together and what was set is replaced. Both
  cases of a proxy variable are: Python prefers the lower one, curl knows no upper `HTTP_PROXY`,
  Twilio's package for Node.js reads the upper one only.
- What a client trusts is one file or an addition to its own: the bundle holds the system's
  authorities and ours, for those who read one file.
- `TWILIO_CA_BUNDLE` makes Twilio's package for Node.js trust nothing else, but not behind a proxy;
  `ALL_PROXY` would win over ours with some clients. Both are unset.
"""

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from twilio_emulator.server.tls_authority import write_bundle

LOCAL_NAMES = "localhost,127.0.0.1,::1"
UNSET = ("ALL_PROXY", "all_proxy", "TWILIO_CA_BUNDLE")

Changes = Mapping[str, str | None]
"""Variables and their values; None unsets one."""


@dataclass(frozen=True)
class Trust:
    """Files that make clients trust an emulator's certificates.

    Attributes:
        authority: its certificate authority's certificate alone.
        bundle: the same after those that the system trusts.
    """

    authority: Path
    bundle: Path

    @classmethod
    def written(cls, directory: Path, certificate: bytes) -> Self:
        """Write both files, under names of their own for each authority.

        Raises:
            AuthorityError: they cannot be written.
        """
        name = hashlib.sha256(certificate).hexdigest()[:16]
        bundle = write_bundle(directory / f"{name}-bundle.pem", certificate)
        authority = directory / f"{name}.pem"
        authority.write_bytes(certificate)
        return cls(authority, bundle)


def changes(proxy: str, trust: Trust, credentials: Mapping[str, str]) -> Changes:
    """What redirects a program.

    Args:
        proxy: the emulator's URL.
        credentials: variables that name an account there.
    """
    return {
        "HTTP_PROXY": proxy,
        "http_proxy": proxy,
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": LOCAL_NAMES,
        "no_proxy": LOCAL_NAMES,
        "REQUESTS_CA_BUNDLE": str(trust.bundle),
        "SSL_CERT_FILE": str(trust.bundle),
        "CURL_CA_BUNDLE": str(trust.bundle),
        "NODE_EXTRA_CA_CERTS": str(trust.authority),
        **credentials,
        **dict.fromkeys(UNSET),
    }


def credentials(account: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that name an account, as the control API shows it.

    A secret that it does not show came from outside, where the program has it from too. So did the
    number that the environment names, if the account has it.
    """
    numbers = account["numbers"]
    number = environment.get("TWILIO_PHONE_NUMBER")
    variables = {
        "TWILIO_ACCOUNT_SID": account["account_sid"],
        "TWILIO_AUTH_TOKEN": account["auth_token"],
        "TWILIO_API_KEY": account["api_key"],
        "TWILIO_API_SECRET": account["api_secret"],
        "TWILIO_PHONE_NUMBER": number if number in numbers else numbers[0],
    }
    return {name: value for name, value in variables.items() if value is not None}


def apply(changes: Changes, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with these changes."""
    changed = {**environment, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def shell_lines(changes: Changes) -> Iterator[str]:
    """The changes as a POSIX shell makes them."""
    for name, value in changes.items():
        yield f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}"
