"""What the npm package declares: classes and interfaces with their members, of its `.d.ts` files."""

import re
from pathlib import Path

from tests.javascript.generated import CLIENT

_TYPE = re.compile(
    r"^export (?:declare )?(?:abstract )?(?:class|interface) (?P<name>\w+)"
    r"(?:<[^{]*?>)?(?: extends (?P<above>\w+))?[^{]*\{\n(?P<body>.*?)^\}",
    re.M | re.S,
)
_MEMBER = re.compile(r"^    (?:readonly |get |abstract )*(?P<name>[a-z]\w*)\??[(<:]", re.M)


def members() -> dict[str, set[str]]:
    """The names of what each class and each interface has for everybody, by its name; what stands
    in those above it too. The package has to be built."""
    own: dict[str, set[str]] = {}
    above: dict[str, str | None] = {}
    for path in sorted(Path(CLIENT / "dist").glob("*.d.ts")):
        if path.name == "control-api.d.ts":
            continue
        for found in _TYPE.finditer(path.read_text(encoding="utf-8")):
            names = {each["name"] for each in _MEMBER.finditer(found["body"])}
            own[found["name"]] = names - {"constructor"}
            above[found["name"]] = found["above"]

    def whole(name: str | None) -> set[str]:
        return own.get(name, set()) | whole(above.get(name)) if name else set()

    return {name: whole(name) for name in own}
