"""The environment that redirects a program to an emulator, which needs no other change.

The rules of this file:

- What each client honours differs, so everything is set together. Both cases of a proxy variable
  are: Python prefers the lower one, curl knows no upper `HTTP_PROXY`, Twilio's package for Node.js
  reads the upper one only.
- What a variable can hold beside ours it goes on holding; where only one value can be, ours wins.
  What is ours already is not added again, however often that is asked for.
- Hosts that are exempt from a proxy stay so, unless Twilio is one of them.
- `TWILIO_CA_BUNDLE` makes Twilio's package for Node.js trust nothing else, but not behind a proxy;
  `ALL_PROXY` would win over ours with some clients. Both are unset.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from twilio_emulator.redirection import folder as files
from twilio_emulator.redirection.folder import LOCAL_NAMES, Address

UNSET = ("ALL_PROXY", "all_proxy", "TWILIO_CA_BUNDLE")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A value that stands beside what the variable holds.

    Attributes:
        between: separates the two.
        wins: where the one stands that wins.
        alone: what ours begins with in a variable that was not set at all.
    """

    value: str
    between: str
    wins: str = "last"
    alone: str = ""

    def added_to(self, held: str | None) -> str:
        """What the variable holds then."""
        if held is None:
            return self.alone + self.value
        if self.wins == "last":
            there = f"{self.between}{held}".endswith(f"{self.between}{self.value}")
            both = f"{held}{self.between}{self.value}"
        else:
            there = f"{held}{self.between}".startswith(f"{self.value}{self.between}")
            both = f"{self.value}{self.between}{held}"
        return held if there else both if held else self.value


@dataclass(frozen=True)
class Exempt:
    """Hosts that need no proxy, beside those that the variable names."""

    names: tuple[str, ...] = LOCAL_NAMES

    def added_to(self, held: str | None) -> str:
        """What the variable holds then."""
        theirs = [name.strip() for name in (held or "").split(",")]
        kept = [name for name in theirs if name and not lets_twilio_pass(name)]
        return ",".join(dict.fromkeys((*self.names, *kept)))


def lets_twilio_pass(exempt: str) -> bool:
    """Whether one of Twilio's hosts is exempt by this, in any client's reading of it."""
    name = exempt.partition(":")[0].lower().lstrip("*.")
    return "twilio.com".endswith(name) or name.endswith("twilio.com")


Changes = Mapping[str, str | Beside | Exempt | None]
"""Variables and what is done to them; None unsets one."""

Settled = Mapping[str, str | None]
"""Variables and their values in one environment; None unsets one."""


def changes(
    url: str, folder: str, credentials: Mapping[str, str], path_separator: str = os.pathsep
) -> Changes:
    """What redirects a program.

    Args:
        url: the emulator's.
        folder: where the files are, with `/`.
        credentials: variables that name an account there.
        path_separator: the system's.
    """
    address = Address.of(url)
    proxy = f"http://{address}"
    bundle, authority = f"{folder}/{files.BUNDLE}", f"{folder}/{files.AUTHORITY}"
    java = [
        f"-Dhttp.proxyHost={address.host}",
        f"-Dhttp.proxyPort={address.port}",
        f"-Dhttps.proxyHost={address.host}",
        f"-Dhttps.proxyPort={address.port}",
        _javas(f"-Djavax.net.ssl.trustStore={folder}/{files.JAVA}"),
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-Djavax.net.ssl.trustStorePassword=",
    ]
    return {
        "TWILIO_EMULATOR_URL": url.rstrip("/"),
        "HTTP_PROXY": proxy,
        "http_proxy": proxy,
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": Exempt(),
        "no_proxy": Exempt(),
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "CURL_CA_BUNDLE": bundle,
        "NODE_EXTRA_CA_CERTS": authority,
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": Beside(value=_nodes(f"{folder}/{files.NODE}"), between=" "),
        "BUN_OPTIONS": Beside(value=f"--preload {_escaped(f'{folder}/{files.NODE}')}", between=" "),
        "DENO_CERT": authority,
        "PYTHONPATH": Beside(
            value=f"{folder}/{files.PYTHON}", between=path_separator, wins="first"
        ),
        "PHP_INI_SCAN_DIR": Beside(
            value=f"{folder}/{files.PHP}", between=path_separator, alone=path_separator
        ),
        "JAVA_TOOL_OPTIONS": Beside(value=" ".join(java), between=" "),
        "WGETRC": f"{folder}/{files.WGET}",
        "PERL_LWP_ENV_PROXY": "1",
        "PERL_LWP_SSL_CA_FILE": bundle,
        "ERL_AFLAGS": Beside(value=_erlangs(f"{folder}/{files.ERLANG}"), between=" "),
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
        "TWILIO_VERIFY_SERVICE_SID": account.get("verify_service_sid"),
        "TWILIO_SYNC_SERVICE_SID": account.get("sync_service_sid"),
        "TWILIO_CONVERSATION_CONFIGURATION_ID": account.get("conversation_configuration_id"),
        "TWILIO_MEMORY_STORE_ID": account.get("memory_store_id"),
    }
    return {name: value for name, value in variables.items() if value is not None}


def settled(changes: Changes, environment: Mapping[str, str]) -> Settled:
    """The values of the variables in this environment."""
    return {
        name: change.added_to(environment.get(name))
        if isinstance(change, Beside | Exempt)
        else change
        for name, change in changes.items()
    }


def apply(changes: Settled, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with these changes."""
    changed = {**environment, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def _javas(option: str) -> str:
    """An option as `JAVA_TOOL_OPTIONS` has it: white space parts, quotes of either kind hold."""
    if not any(character in option for character in " \t'\""):
        return option
    mark = "'" if '"' in option else '"'
    return f"{mark}{option}{mark}"


def _nodes(path: str) -> str:
    """What loads a file first, as `NODE_OPTIONS` has it: double quotes hold, in which `\\` stands
    before a character that is meant (https://nodejs.org/api/cli.html#node_optionsoptions)."""
    if not any(character in path for character in ' \t"\\'):
        return f"--require {path}"
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'--require "{escaped}"'


def _escaped(text: str) -> str:
    """Text with a backslash before whatever would part or quote it."""
    return re.sub(r"([\s\\\"'])", r"\\\1", text)


def _erlangs(path: str) -> str:
    """What evaluates a file, as `ERL_AFLAGS` has it
    (https://www.erlang.org/doc/apps/erts/erl_cmd#environment-variables)."""
    string = path.replace("\\", "\\\\").replace('"', '\\"')
    return "-eval " + _escaped(f'catch(file:eval("{string}"))')
