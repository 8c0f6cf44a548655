"""What the npm package declares: its types with their members, as its `.d.ts` files say."""

import re

from tests.javascript.generated import CLIENT

_COMMENT = re.compile(r" */\*.*?\*/\n?", re.S)
_TYPE = re.compile(
    r"^(?:export )?(?:declare )?(?:abstract )?(?:class|interface) (?P<name>\w+)"
    r"(?: extends (?P<above>\w+))?[^{]*\{\n(?P<body>.*?)^\}",
    re.M | re.S,
)
_ALIAS = re.compile(r"^export type (?P<name>\w+) = (?P<body>.*?);\n(?=\S)", re.M | re.S)
_MEMBER = re.compile(r"    (?:static |readonly |get |abstract )*(?P<name>[a-z]\w*)\??[(<:]")
_NAMED = re.compile(r"(\w+)\??:")

NOT_OF_PEOPLE = ("control-api.d.ts",)
"""Of types that are made of the OpenAPI file."""


class Declared:
    """The types that the package declares. It has to be built."""

    def __init__(self) -> None:
        self._own: dict[str, dict[str, str]] = {}
        self._above: dict[str, str | None] = {}
        self._aliases: dict[str, str] = {}
        for path in sorted((CLIENT / "dist").glob("*.d.ts")):
            if path.name not in NOT_OF_PEOPLE:
                self._read(_COMMENT.sub("", path.read_text(encoding="utf-8")))

    def _read(self, text: str) -> None:
        self._aliases.update((each["name"], each["body"]) for each in _ALIAS.finditer(text))
        for found in _TYPE.finditer(text):
            own = self._own[found["name"]] = dict[str, str]()
            self._above[found["name"]] = found["above"]
            for lines in re.split(r"^(?=    [a-z])", found["body"], flags=re.M):
                if (member := _MEMBER.match(lines)) and member["name"] != "constructor":
                    own[member["name"]] = own.get(member["name"], "") + lines

    def members(self, name: str) -> dict[str, str]:
        """The declarations of what a class or an interface has for everybody, by their names; with
        what those above it have."""
        above = self._above[name]
        return {**(self.members(above) if above in self._own else {}), **self._own[name]}

    def words(self, declaration: str) -> set[str]:
        """The names of what a declaration takes, and of what is in the options that it takes."""
        found = set(_NAMED.findall(declaration))
        for name in set(re.findall(r"\b[A-Z]\w+", declaration)):
            if name in self._own:
                found |= self.members(name).keys()
            elif name in self._aliases:
                found |= set(_NAMED.findall(self._aliases[name]))
        return found
