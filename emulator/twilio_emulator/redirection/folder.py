"""The files that the variables name: what stands in each, and a folder that holds them.

The rules of this file:

- A folder is named by what is in it. So it is written once, two emulators do not disturb each
  other, and what a program has read of it stays true.
- Everybody may read it: a server's workers are other users. Nothing in it is a secret.
- What a file hides is copied into it, or run by it.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from twilio_emulator.redirection import python_lead
from twilio_emulator.redirection.trust import OUR_STORE, Trust

LEADS: Final = Path(__file__).parent / "leads"

AUTHORITY: Final = "authority.pem"
BUNDLE: Final = "bundle.pem"
ERLANG: Final = "erlang.config"
JAVA: Final = OUR_STORE
NODE: Final = "node.cjs"
PHP: Final = "php"
PYTHON: Final = "python"
WGET: Final = "wgetrc"

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")
OURS: Final = "# twilio-emulator: what stands above is yours"

Files = Mapping[str, bytes]
"""Contents by name, which has `/` in it for a folder in the folder."""


class CannotWrite(Exception):
    """The files cannot be written. The text is one line, meant for the user."""


@dataclass(frozen=True)
class Address:
    """Where an emulator listens, as its URL says it; one port takes whatever comes.

    Attributes:
        host: a name or an address, without brackets.
    """

    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Address":
        """The address in an URL."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return cls(parts.hostname or "localhost", port)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def wherever(address: Address, trust: Trust) -> Files:
    """The files that are the same wherever the folder is, but for Java's."""
    host, port = address.host, str(address.port)
    # Older Pythons could not even read the lead.
    beginning = f"""\
import sys

if sys.version_info >= (3, 8):
    import twilio_emulator_lead

    twilio_emulator_lead.begin_as_sitecustomize(__file__, {host!r}, {port})
"""
    return {
        AUTHORITY: trust.authority,
        BUNDLE: trust.bundle,
        NODE: _lead("node.cjs", {"@HOST@": host, "@PORT@": port, "@ADDRESS@": str(address)}),
        f"{PHP}/twilio-emulator-prepend.php": _lead(
            "twilio-emulator-prepend.php",
            {"@ADDRESS@": str(address), "@LOCAL@": ",".join(LOCAL_NAMES)},
        ),
        f"{PYTHON}/sitecustomize.py": beginning.encode(),
        f"{PYTHON}/twilio_emulator_lead.py": Path(python_lead.__file__).read_bytes(),
        f"{PYTHON}/{python_lead.MARK}": b"",
    }


def at(folder: str, address: Address, wgetrc: str) -> Files:
    """The files that say where the folder is.

    Args:
        folder: its path, with `/`.
        wgetrc: what wget would read but for ours.
    """
    exempt = ",".join(_erlangs(name) for name in LOCAL_NAMES)
    proxy = f"{{{{{_erlangs(address.host)},{address.port}}},[{exempt}]}}"
    ini = {
        "curl.cainfo": f"{folder}/{BUNDLE}",
        "openssl.cafile": f"{folder}/{BUNDLE}",
        "auto_prepend_file": f"{folder}/{PHP}/twilio-emulator-prepend.php",
    }
    settings = {
        "use_proxy": "on",
        "http_proxy": f"http://{address}",
        "https_proxy": f"http://{address}",
        "no_proxy": ",".join(LOCAL_NAMES),
        "ca_certificate": f"{folder}/{BUNDLE}",
    }
    texts = {
        f"{PHP}/twilio-emulator.ini": [f"{name} = {_inis(value)}" for name, value in ini.items()],
        WGET: [
            *wgetrc.splitlines(),
            OURS,
            *(f"{name} = {value}" for name, value in settings.items()),
        ],
        ERLANG: [
            f"catch public_key:cacerts_load({_erlangs(f'{folder}/{BUNDLE}')}).",
            "catch inets:start().",
            f"catch httpc:set_options([{{proxy,{proxy}}},{{https_proxy,{proxy}}}]).",
        ],
    }
    return {
        name: "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
        for name, lines in texts.items()
    }


def written(directory: Path, url: str, certificate: bytes, environment: Mapping[str, str]) -> Path:
    """Write the files into a folder of this directory, unless they are there.

    Args:
        directory: made when there is none.
        url: the emulator's.
        certificate: of its authority, in PEM.
        environment: of the program; says what it trusts and reads without us.

    Returns:
        the folder.

    Raises:
        CannotWrite: there is no writing here.
    """
    try:
        address, trust = Address.of(url), Trust.beside(certificate, environment)
        files, wgetrc = wherever(address, trust), hidden_wgetrc(environment)
        home = directory.absolute() / digest_of({**files, **at("", address, wgetrc)})
        here = partial(at, home.as_posix(), address, wgetrc)
        _keep(home, lambda: {**files, **here(), JAVA: trust.java_store()})
    except OSError as error:
        raise CannotWrite(
            f"{error.filename or directory}: cannot write what clients need: {error.strerror}"
        ) from error
    return home


def _keep(home: Path, files: Callable[[], Files]) -> None:
    """Have a folder, as a whole or not at all; of two who make it at once the first wins."""
    if home.exists():
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=home.parent))
    try:
        draft.chmod(0o755)
        for name, content in files().items():
            file = draft / name
            file.parent.mkdir(mode=0o755, exist_ok=True)
            file.write_bytes(content)
            file.chmod(0o644)
        draft.rename(home)
    except OSError:
        shutil.rmtree(draft)
        if not home.exists():
            raise


def digest_of(files: Files) -> str:
    """A name for a folder with these files."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(b"%s %d " % (name.encode(), len(content)))
        digest.update(content)
    return digest.hexdigest()[:16]


def hidden_wgetrc(environment: Mapping[str, str]) -> str:
    """What wget reads for its user in such an environment, but for what is ours."""
    named = environment.get("WGETRC")
    home = environment.get("HOME")
    if named is None and home is None:
        return ""
    try:
        said = Path(named or f"{home}/.wgetrc").read_text(
            encoding="utf-8", errors="surrogateescape"
        )
    except (OSError, ValueError):
        return ""
    return said.partition(OURS)[0]


def _lead(name: str, said: Mapping[str, str]) -> bytes:
    text = (LEADS / name).read_text(encoding="utf-8")
    for mark, value in said.items():
        text = text.replace(mark, value)
    return text.encode()


def _inis(value: str) -> str:
    """A value as php.ini has it."""
    if "'" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _erlangs(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
