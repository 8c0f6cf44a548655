"""The pages for people who carry on name files and folders, targets and words that there are."""

import re
from collections.abc import Iterator

import pytest

from tests.examples.snippets import ROOT

SOURCE = ROOT / "emulator/twilio_emulator"
PAGES = (
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/decisions/{path.name}" for path in (ROOT / "docs/decisions").glob("*.md")),
)
ENDINGS = ("css", "html", "js", "json", "md", "mjs", "py", "toml", "txt", "yaml")
ROW = re.compile(r"^\| (?!-)(?P<cells>.+) \|$", re.M)
_SPAN = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.M | re.S)
_BUILT = ("build/", ".venv/")
_PLACE = re.compile(rf"\.?[\w<>*.-]+(?:/[\w<>*.-]+)*(?:/|\.(?:{'|'.join(ENDINGS)}))|\.ci/run")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def places(text: str) -> Iterator[str]:
    """What a page names as a file or a folder: by its ending, or by a stroke at the end."""
    for span in _SPAN.findall(re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)):
        if _PLACE.fullmatch(span) and not span.startswith(_BUILT):
            yield span
    for block in _BLOCK.findall(text):
        yield from (each for each in re.split(r"[\s│]+", block) if _PLACE.fullmatch(each))


def is_there(place: str) -> bool:
    """Whether there is such a place: `<wing>` is any name, a file without a folder is anywhere."""
    pattern = re.sub(r"<\w+>", "*", place.rstrip("/"))
    found = [*ROOT.glob(pattern), *SOURCE.glob(pattern)]
    if "/" not in place:
        found += SOURCE.rglob(pattern)
    return any(path.is_dir() == place.endswith("/") for path in found)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of ARCHITECTURE.md, without its head."""
    (section,) = re.findall(
        rf"^## {heading}\n(.*?)(?=^## |\Z)", text_of("ARCHITECTURE.md"), re.M | re.S
    )
    return [row["cells"].split(" | ") for row in ROW.finditer(section)][1:]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    missing = sorted({place for place in places(text_of(page)) if not is_there(place)})
    assert missing == []


def test_places_are_found() -> None:
    """The tests above would not notice if they found none."""
    assert set(places(text_of("ARCHITECTURE.md"))) >= {"core/", "play/", "runtime/gate.py"}
    assert set(places(text_of("CONTRIBUTING.md"))) >= {"tests/core/", ".ci/run", "wing.py"}
    assert not is_there("core/nowhere/")
    assert not is_there("runtime/gate.py/")


def test_every_folder_is_in_the_picture() -> None:
    (picture, wings) = _BLOCK.findall(text_of("ARCHITECTURE.md"))
    folders = {f"{path.parent.name}/" for path in SOURCE.glob("*/__init__.py")}
    assert {each for each in places(f"```\n{picture}```") if each.endswith("/")} == folders
    named = {f"core/{path.parent.name}/" for path in SOURCE.glob("core/*/__init__.py")}
    assert set(places(f"```\n{wings}```")) == named


def test_questions_are_answered_in_three_hops_at_most() -> None:
    questions = rows("Where a rule lives")
    assert len(questions) >= 12
    for question, *hops in questions:
        assert question.endswith("?")
        assert 1 <= len(hops) <= 3
        assert list(places(hops[0])), question


def test_the_words_of_the_code_are_explained() -> None:
    assert {word for word, _ in rows("Words")} >= {
        "text",
        "message",
        "look",
        "gate",
        "wing",
        "reaction",
        "claim",
        "loud",
    }


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"\]\((.+?)\)", text_of("docs/decisions/README.md"))
    assert sorted(listed) == sorted(p.name for p in folder.glob("*.md") if p.name != "README.md")


def test_every_target_that_proves_something_has_its_line() -> None:
    told = set(re.findall(r"^\| `make ([a-z]+)`", text_of("CONTRIBUTING.md"), re.M))
    targets = set(re.findall(r"^([a-z]+):.*## ", text_of("Makefile"), re.M))
    assert targets - told <= {"help", "run", "format", "screenshots", "clean"}
