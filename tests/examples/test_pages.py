"""Pages are true: links and anchors lead somewhere, and lists have what the folders have."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conformance import control_page
from tests.examples.snippets import ROOT
from twilio_emulator.cli.commands import main
from twilio_emulator.scenarios.language.phone_settings import HABITS

PAGES = sorted(
    path
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "emulator/**/*.md",
        "fixtures/**/*.md",
        "scenarios/*.md",
    )
    for path in ROOT.glob(pattern)
)
SHIPPED = [path for path in PAGES if path.parent.name in ("fixtures", "scenarios")]
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
NUMBERS += ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
NUMBERS += ["eighteen", "nineteen", "twenty", *(f"twenty-{each}" for each in NUMBERS[1:10])]

_FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(\s*<?(?P<inline>[^)\s>]+)|^\[[^\]]+\]:\s*(?P<named>\S+)", re.M)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def links(page: Path) -> list[str]:
    """What a page links to within the repository."""
    shown = _CODE.sub("", _FENCED.sub("", text_of(page)))
    found = [each["inline"] or each["named"] for each in _LINK.finditer(shown)]
    return [each for each in found if not re.match(r"[a-z]+:", each)]


def anchors(page: Path) -> set[str]:
    """What a page's headings are called in links, as GitHub makes it of their words."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ +(.*?)(?: +#+)?$", _FENCED.sub("", text_of(page)), re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def test_there_are_pages() -> None:
    assert {page.name for page in PAGES} >= {"README.md", "CHANGELOG.md", "control-api.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert target.resolve().is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", SHIPPED, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_that_is_shipped_alone_links_to_nothing_outside_its_folder(page: Path) -> None:
    for link in links(page):
        assert (page.parent / link).parent == page.parent, link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_it_names_are_there(page: Path) -> None:
    text = text_of(page)
    makefile = text_of(ROOT / "Makefile")
    for target in re.findall(r"(?:^|`)make ([a-z]+)\b(?!:)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for command in re.findall(r"(?:^|`|\()(?:\$ )?twilio-emulator ([a-z]+)", text, re.M):
        assert command in main.commands, command


def test_the_list_of_scenarios_is_the_folder() -> None:
    page = ROOT / "scenarios/README.md"
    assert text_of(page) == control_page.scenarios(), "run `make docs`"
    listed = {link for link in links(page) if link.endswith(".yaml")}
    assert listed == {path.name for path in page.parent.glob("*.yaml")}


def test_every_scenario_says_on_top_what_happens_in_it() -> None:
    for path in (ROOT / "scenarios").glob("*.yaml"):
        assert re.fullmatch(r"\S.{20,}[.:]", control_page.purpose(path)), path.name


def test_the_readme_counts_the_scenarios() -> None:
    (number,) = re.findall(
        r"^([\w-]+) more are in \[scenarios\]\(scenarios/README\.md\)",
        text_of(ROOT / "README.md"),
        re.M,
    )
    assert number.lower() == NUMBERS[len(list((ROOT / "scenarios").glob("*.yaml")))]


def test_the_page_of_the_fixtures_names_what_is_there() -> None:
    page = ROOT / "fixtures/README.md"
    others = [path for path in page.parent.iterdir() if path != page]
    assert ("Nothing is recorded here yet." in text_of(page)) is (not others)
    assert all(path.name in text_of(page) for path in others)


def test_every_habit_of_a_phone_is_named() -> None:
    text = text_of(ROOT / "docs/scenarios.md")
    (said,) = re.findall(r"^Phones have habits.*?\.$", text, re.M | re.S)
    listed = said.partition(": `label`")[2]
    assert {"label", *re.findall(r"`(\w+)`", listed)} == set(HABITS)


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs/README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    missing = [path.name for path in index.parent.glob("*.md") if path not in listed | {index}]
    assert missing == []


def test_every_decided_behaviour_is_on_the_page_of_how_faithful_it_is() -> None:
    page = text_of(ROOT / "docs/faithful.md")
    said = re.compile(r'^(?P<name>[A-Z_]+) = .*\n"""(?P<why>(?:[^"]|"(?!""))*\bdecided\b)', re.M)
    source = ROOT / "emulator/twilio_emulator"
    found = {each["name"] for path in source.rglob("*.py") for each in said.finditer(text_of(path))}
    assert len(found) >= 4
    said_there = set(re.findall(r"\| `([A-Z_]+)` \|", page))
    said_of_products = set(re.findall(r"\| `([A-Z_]+)` \|", text_of(ROOT / "docs/coverage.md")))
    assert said_there <= found <= said_there | said_of_products
