"""Scripts for machines without Python: they write the files there, and set the variables.

The rules of this file:

- Nothing is known of the machine: its shell finds the folder, adds to what variables hold, and
  keeps what it trusts beside what we do.
- A second run changes nothing: what is ours already is neither added nor written again.
- A shell that ends at the first failure, as in a step of CI, or overwrites no file, goes on, also
  where there is nothing to be kept. Where there is no redirecting it, that is a failure: else it
  would talk to Twilio.
- A folder has no white space or quotes in its name: how variables with options would have to quote
  them only their readers know.
"""

import base64
import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from twilio_emulator.redirection import folder as files
from twilio_emulator.redirection.folder import LOCAL_NAMES, Address
from twilio_emulator.redirection.formats import fish_quoted, powershell_quoted
from twilio_emulator.redirection.trust import ADDITIONAL, WHOLE, Trust
from twilio_emulator.redirection.variables import Beside, Changes, Exempt, changes

FOLDER = "@FOLDER@"
"""Stands for the folder until the shell has found it."""

SYSTEM_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)
TOO_ODD = "twilio-emulator: expected a folder without white space or quotes in its name, not"
CANNOT_WRITE = "twilio-emulator: cannot write"
LETS_TWILIO_PASS = ("*", ".com", "*.com", "com")


@dataclass(frozen=True)
class Bundle:
    """A file with authorities: those in certain files, then ours.

    Attributes:
        variables: which may name a file with some.
        places: paths where the system may have its own.
    """

    name: str
    variables: tuple[str, ...]
    places: tuple[str, ...]
    ours: str


class Script(ABC):
    """One shell's way to say it.

    Args:
        url: the emulator's.
        certificate: of its authority, in PEM.
        credentials: variables that name an account there.
        directory: where the folder is made; in the user's state directory when None.

    Raises:
        OSError: what this machine trusts cannot be read.
    """

    path_separator: ClassVar[str] = ":"

    def __init__(
        self, url: str, certificate: bytes, credentials: Mapping[str, str], directory: str | None
    ) -> None:
        address = Address.of(url)
        self.url = url
        self.directory = directory
        self.trust = Trust.beside(certificate, {})
        all_files = {**files.wherever(address, self.trust), **files.at(FOLDER, address, "")}
        # What we trust differs from machine to machine, and so may what theirs does.
        del all_files[files.BUNDLE]
        self.digest = files.digest_of(all_files)
        self.wgetrc = all_files.pop(files.WGET).decode()
        del all_files[files.AUTHORITY]
        self.written_once = {name: content.decode() for name, content in all_files.items()}
        self.changes: Changes = changes(url, FOLDER, credentials, self.path_separator)

    def text(self) -> str:
        """The whole script."""
        return "".join(f"{line}\n" for line in self.lines())

    @abstractmethod
    def lines(self) -> Iterator[str]:
        """The script, line by line; a line may have several."""

    @property
    def java_store(self) -> str:
        """The store for Java, in base 64."""
        return base64.b64encode(self.trust.java_store()).decode()

    @property
    def bundles(self) -> Iterator[Bundle]:
        """The files with authorities."""
        yield Bundle(files.AUTHORITY, ADDITIONAL, (), self.trust.authority.decode())
        whole = (*WHOLE, *ADDITIONAL)
        yield Bundle(files.BUNDLE, whole, SYSTEM_AUTHORITIES, self.trust.bundle.decode())

    def all_changes(self) -> Iterator[str]:
        """What is done to each variable."""
        for name, change in self.changes.items():
            if change is None:
                yield self.unset(name)
            elif isinstance(change, str):
                yield self.set(name, self.quoted(change))
            elif isinstance(change, Exempt):
                yield from self.exempt(name)
            else:
                yield from self.beside(name, change)

    @staticmethod
    @abstractmethod
    def quoted(text: str) -> str:
        """Text in which the folder may stand."""

    @staticmethod
    @abstractmethod
    def unset(name: str) -> str:
        """Take a variable away."""

    @staticmethod
    @abstractmethod
    def set(name: str, value: str) -> str:
        """Set a variable; the value is quoted."""

    @abstractmethod
    def exempt(self, name: str) -> Iterator[str]:
        """Exempt the local names from the proxy, and those that are, but Twilio's."""

    @abstractmethod
    def beside(self, name: str, change: Beside) -> Iterator[str]:
        """Put a value beside what a variable holds, unless it is there."""


class Sh(Script):
    """For POSIX shells: `eval "$(curl -s .../_emulator/v1/env)"`."""

    def lines(self) -> Iterator[str]:
        """The script, line by line."""
        where = '"${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}"/twilio-emulator/trust'
        if self.directory is not None:
            where = shlex.quote(self.directory.rstrip("/"))
        yield f"# Redirects this shell to {self.url}"
        yield f"_te={where}/{self.digest}"
        yield """case "$_te" in *[[:space:]\\'\\"\\\\]*)"""
        yield f'echo "{TOO_ODD} $_te" >&2; _te= ;;'
        yield '*) if mkdir -p "$_te/php" "$_te/python"; then'
        yield f'if [ ! -e "$_te/{files.JAVA}" ]; then'
        for name, content in self.written_once.items():
            yield f'''printf %s {self.quoted(content)} >|"$_te/{name}"'''
        yield f"""base64 -d >|"$_te/{files.JAVA}" <<'END'\n{self.java_store}\nEND"""
        yield "fi"
        yield f'if [ "${{SSL_CERT_FILE-}}" != "$_te/{files.BUNDLE}" ]; then'
        for bundle in self.bundles:
            yield from self._bundle(bundle)
        yield "fi"
        yield f'if [ "${{WGETRC-}}" != "$_te/{files.WGET}" ]; then'
        yield '{ cat "${WGETRC:-${HOME-}/.wgetrc}" 2>/dev/null || :'
        wgetrc = self.quoted(self.wgetrc)
        yield f"""printf '\\n%s' {wgetrc}; }} >|"$_te/{files.WGET}"\nfi"""
        yield 'chmod -R a+rX "$_te"'
        yield from self.all_changes()
        yield f'else echo "{CANNOT_WRITE} $_te" >&2; _te=; fi ;; esac'
        ours = "unset _te _te_file _te_rest _te_one _te_held"
        yield f'if [ -n "$_te" ]; then {ours}; else {ours}; false; fi'

    @staticmethod
    def quoted(text: str) -> str:
        """Text in which the folder may stand."""
        return '"$_te"'.join(shlex.quote(part) for part in text.split(FOLDER))

    def _bundle(self, bundle: Bundle) -> Iterator[str]:
        named = " ".join(f'"${{{variable}-}}"' for variable in bundle.variables)
        yield f"{{ for _te_file in {' '.join((*bundle.places, named))}; do"
        # Of an emulator before us too, whose authority does no harm.
        yield 'if [ -f "$_te_file" ]; then cat "$_te_file"; echo; fi; done'
        # By no argument: a `printf` that is a program takes none of that size.
        yield f"cat <<'END'\n{bundle.ours.rstrip()}\nEND"
        yield '} >|"$_te/new"'
        yield f'mv "$_te/new" "$_te/{bundle.name}"'

    @staticmethod
    def unset(name: str) -> str:
        """Take a variable away."""
        return f"unset {name}"

    @staticmethod
    def set(name: str, value: str) -> str:
        """Set a variable; the value is quoted."""
        return f"export {name}={value}"

    def exempt(self, name: str) -> Iterator[str]:
        """Exempt the local names from the proxy, and those that are, but Twilio's."""
        known = "|".join(shlex.quote(each) for each in (*LETS_TWILIO_PASS, *LOCAL_NAMES))
        yield f"_te_rest=${{{name}-}}, _te_held={','.join(LOCAL_NAMES)}"
        yield 'while [ -n "$_te_rest" ]; do'
        yield "_te_one=${_te_rest%%,*} _te_rest=${_te_rest#*,} _te_one=${_te_one# }"
        yield f'case "$_te_one" in ""|{known}|*twilio.com*) ;;'
        yield "*) _te_held=$_te_held,$_te_one ;; esac; done"
        yield f"export {name}=$_te_held"

    def beside(self, name: str, change: Beside) -> Iterator[str]:
        """Put a value beside what a variable holds, unless it is there."""
        value, between = self.quoted(change.value), shlex.quote(change.between)
        if change.wins == "last":
            pattern, held = f"*{between}{value}", f'{between}"${{{name}-}}"'
            both = f'"${{{name}-}}"{between}{value}'
        else:
            pattern, held = f"{value}{between}*", f'"${{{name}-}}"{between}'
            both = f'{value}{between}"${{{name}-}}"'
        yield f'if [ -z "${{{name}+set}}" ]; then {name}={shlex.quote(change.alone)}{value}'
        yield f'elif [ -z "${name}" ]; then {name}={value}'
        yield f"else case {held} in {pattern}) ;; *) {name}={both} ;; esac; fi"
        yield f"export {name}"


class Fish(Script):
    """For fish: `curl -s '.../_emulator/v1/env?format=fish' | source`."""

    def lines(self) -> Iterator[str]:
        """The script, line by line."""
        yield f"# Redirects this shell to {self.url}"
        if self.directory is None:
            yield "set -g _te $HOME/.local/state/twilio-emulator/trust"
            yield "set -q XDG_STATE_HOME; and set -g _te $XDG_STATE_HOME/twilio-emulator/trust"
        else:
            yield f"set -g _te {fish_quoted(self.directory.rstrip('/'))}"
        yield f"set -g _te $_te/{self.digest}"
        yield """if string match -qr '[\\s\\'"\\\\\\\\]' -- $_te"""
        yield f'echo "{TOO_ODD} $_te" >&2'
        yield "else if mkdir -p $_te/php $_te/python"
        yield f"if not test -e $_te/{files.JAVA}"
        for name, content in self.written_once.items():
            yield f"printf %s {self.quoted(content)} >$_te/{name}"
        yield f"printf %s {self.java_store} | base64 -d >$_te/{files.JAVA}"
        yield "end"
        yield f'if test "$WGETRC" != $_te/{files.WGET}'
        yield "set -g _te_file $HOME/.wgetrc; set -q WGETRC; and set -g _te_file $WGETRC"
        yield "begin; cat $_te_file 2>/dev/null"
        yield f"printf '\\n%s' {self.quoted(self.wgetrc)}; end >$_te/{files.WGET}"
        yield "end"
        yield f'if test "$SSL_CERT_FILE" != $_te/{files.BUNDLE}'
        for bundle in self.bundles:
            yield from self._bundle(bundle)
        yield "end"
        yield "chmod -R a+rX $_te"
        yield from self.all_changes()
        yield f'else; echo "{CANNOT_WRITE} $_te" >&2; end'
        yield "set -e _te; set -e _te_file; set -e _te_held"

    @staticmethod
    def quoted(text: str) -> str:
        """Text in which the folder may stand."""
        return "$_te".join(fish_quoted(part) for part in text.split(FOLDER))

    def _bundle(self, bundle: Bundle) -> Iterator[str]:
        named = " ".join(f'"${variable}"' for variable in bundle.variables)
        yield f"begin; for _te_file in {' '.join((*bundle.places, named))}"
        yield 'test -f "$_te_file"; and cat $_te_file; and echo; end'
        yield f"printf %s {fish_quoted(bundle.ours)}; end >$_te/new"
        yield f"mv $_te/new $_te/{bundle.name}"

    @staticmethod
    def unset(name: str) -> str:
        """Take a variable away."""
        return f"set -e {name}"

    @staticmethod
    def set(name: str, value: str) -> str:
        """Set a variable; the value is quoted."""
        return f"set -gx {name} {value}"

    def exempt(self, name: str) -> Iterator[str]:
        """Exempt the local names from the proxy, and those that are, but Twilio's."""
        local = ",".join(LOCAL_NAMES)
        known = " ".join(fish_quoted(each) for each in (*LETS_TWILIO_PASS, *LOCAL_NAMES))
        yield f'set -g _te_held {local}; for _te_file in (string split , -- "${name}")'
        yield 'set _te_file (string trim -- "$_te_file")'
        yield f'contains -- "$_te_file" "" {known}; and continue'
        yield 'string match -q "*twilio.com*" -- $_te_file; and continue'
        yield f"set _te_held $_te_held,$_te_file; end; set -gx {name} $_te_held"

    def beside(self, name: str, change: Beside) -> Iterator[str]:
        """Put a value beside what a variable holds, unless it is there."""
        value, between = self.quoted(change.value), fish_quoted(change.between)
        # A variable whose name ends in PATH is a list to fish; in quotes its parts are joined.
        held = f"(string join {between} -- ${name})"
        if change.wins == "last":
            test, both = f"*{between}{value}", f"{held}{between}{value}"
            said = f"{between}{held}"
        else:
            test, both = f"{value}{between}*", f"{value}{between}{held}"
            said = f"{held}{between}"
        yield f"if not set -q {name}; set -gx {name} {fish_quoted(change.alone)}{value}"
        yield f'else if test -z "${name}"; set -gx {name} {value}'
        pattern = test.replace("*", "'*'")
        yield f"else if not string match -q -- {pattern} {said}; set -gx {name} {both}; end"


class PowerShell(Script):
    """For PowerShell: `Invoke-RestMethod '.../_emulator/v1/env?format=powershell' | iex`."""

    def lines(self) -> Iterator[str]:
        """The script, line by line."""
        yield f"# Redirects this shell to {self.url}"
        if self.directory is None:
            yield '$_te = "$HOME/.local/state"'
            yield "if ($Env:XDG_STATE_HOME) { $_te = $Env:XDG_STATE_HOME }"
            yield '$_te = "$_te/twilio-emulator/trust"'
        else:
            yield f"$_te = {powershell_quoted(self.directory.rstrip('/'))}"
        yield f"$_te = \"$_te/{self.digest}\" -replace '\\\\', '/'"
        yield f"""if ($_te -match '[\\s''"]') {{ Write-Error "{TOO_ODD} $_te" }} else {{"""
        yield "foreach ($_one in 'php', 'python') {"
        yield '$null = New-Item -ItemType Directory -Force -Path "$_te/$_one" }'
        yield f'if (-not (Test-Path "$_te/{files.JAVA}")) {{'
        for name, content in self.written_once.items():
            yield f'[IO.File]::WriteAllText("$_te/{name}", {self.quoted(content)})'
        yield f'[IO.File]::WriteAllBytes("$_te/{files.JAVA}",'
        yield f"[Convert]::FromBase64String('{self.java_store}')) }}"
        yield f'if ($Env:WGETRC -ne "$_te/{files.WGET}") {{'
        yield '$_held = if ($Env:WGETRC) { $Env:WGETRC } else { "$HOME/.wgetrc" }'
        yield "$_held = if (Test-Path $_held) { Get-Content -Raw $_held }"
        wgetrc = self.quoted(self.wgetrc)
        yield f'[IO.File]::WriteAllText("$_te/{files.WGET}", "$_held`n" + {wgetrc}) }}'
        yield f'if ($Env:SSL_CERT_FILE -ne "$_te/{files.BUNDLE}") {{'
        for bundle in self.bundles:
            named = ", ".join(f"$Env:{variable}" for variable in bundle.variables)
            yield f"$_held = @(foreach ($_one in {named}) {{"
            yield "if ($_one -and (Test-Path $_one -PathType Leaf)) { Get-Content -Raw $_one } })"
            text = powershell_quoted(bundle.ours)
            yield f'[IO.File]::WriteAllText("$_te/{bundle.name}", ($_held + {text}) -join "`n")'
        yield "}"
        yield from self.all_changes()
        yield "}"
        yield "Remove-Variable _te, _one, _held -ErrorAction SilentlyContinue"

    @staticmethod
    def quoted(text: str) -> str:
        """Text in which the folder may stand."""
        return "(" + " + $_te + ".join(powershell_quoted(each) for each in text.split(FOLDER)) + ")"

    @staticmethod
    def unset(name: str) -> str:
        """Take a variable away."""
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue"

    @staticmethod
    def set(name: str, value: str) -> str:
        """Set a variable; the value is quoted."""
        return f"$Env:{name} = {value}"

    def exempt(self, name: str) -> Iterator[str]:
        """Exempt the local names from the proxy, and those that are, but Twilio's."""
        known = ", ".join(powershell_quoted(each) for each in (*LETS_TWILIO_PASS, *LOCAL_NAMES))
        yield f"$_held = @(\"$Env:{name}\" -split ',' | ForEach-Object {{ $_.Trim() }} |"
        yield f"Where-Object {{ $_ -and $_ -notin {known} -and $_ -notlike '*twilio.com*' }})"
        local = ", ".join(powershell_quoted(each) for each in LOCAL_NAMES)
        yield f"$Env:{name} = (@({local}) + $_held) -join ','"

    def beside(self, name: str, change: Beside) -> Iterator[str]:
        """Put a value beside what a variable holds, unless it is there."""
        between = powershell_quoted(change.between)
        if change.between == self.path_separator:
            between = "[IO.Path]::PathSeparator"
        alone = between if change.alone else "''"
        yield f"$_one = {self.quoted(change.value)}"
        yield f"if ($null -eq $Env:{name}) {{ $Env:{name} = {alone} + $_one }}"
        yield f"elseif ($Env:{name} -eq '') {{ $Env:{name} = $_one }}"
        if change.wins == "last":
            test, both = (
                f"({between} + $Env:{name}).EndsWith({between} + $_one)",
                (f"$Env:{name} + {between} + $_one"),
            )
        else:
            test, both = (
                f"($Env:{name} + {between}).StartsWith($_one + {between})",
                (f"$_one + {between} + $Env:{name}"),
            )
        yield f"elseif (-not {test}) {{ $Env:{name} = {both} }}"


SCRIPTS: dict[str, type[Script]] = {"sh": Sh, "fish": Fish, "powershell": PowerShell}
