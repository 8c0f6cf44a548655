import posixpath
import re

import pytest

from tests.control.asking import Control
from twilio_emulator.console import files

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_a_browser_gets_the_page_and_a_program_a_hint(control: Control) -> None:
    page = await control.client.get("/", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    hint = await control.client.get("/", headers={"accept": "*/*"})
    assert (hint.status_code, hint.headers["content-type"]) == (404, "application/json")
    assert "/_emulator/v1" in hint.json()["message"]
    assert (await control.client.post("/", headers=BROWSER)).status_code == 404
    head = await control.client.head("/", headers=BROWSER)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(page.content))


async def test_every_file_is_guarded_and_known_again(control: Control) -> None:
    for path in files.files():
        response = await control.client.get(path, headers=BROWSER)
        assert response.status_code == 200
        policy = response.headers["content-security-policy"].split("; ")
        assert policy[:3] == ["default-src 'none'", "script-src 'self'", "style-src 'self'"]
        assert "require-trusted-types-for 'script'" in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        known = {**BROWSER, "if-none-match": response.headers["etag"]}
        again = await control.client.get(path, headers=known)
        assert (again.status_code, again.content) == (304, b"")


async def test_only_files_of_the_page_are_there(control: Control) -> None:
    for path in ("/console/", "/console/index.html", "/console/../console.py", "/console/%2e%2e"):
        assert (await control.client.get(path, headers=BROWSER)).status_code == 404


def test_the_page_makes_no_markup_of_texts() -> None:
    held = files.files()
    markup = re.compile(
        rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment"
        rb"|setHTML|srcdoc|\beval\b|new Function|https?://(?!www\.w3\.org/|localhost)[a-z]"
    )
    for path, file in held.items():
        assert markup.search(file.content) is None, path
    inline = re.compile(rb"<script(?![^>]* src=)|<style|\son[a-z]+=|javascript:", re.IGNORECASE)
    assert inline.search(held["/"].content) is None
    assert inline.search(held["/console/icon.svg"].content) is None


def test_every_module_says_what_it_is() -> None:
    for path, file in files.files().items():
        if path.endswith(".js"):
            assert re.match(rb"// [A-Z][^\n]+", file.content), path


IMPORT = re.compile(rb'^(?:import|export) [^;]*?from "([^"]+)";', re.MULTILINE)


def imported(path: str) -> set[str]:
    """The path of a module, and of all that it cannot do without."""
    found, waiting = set[str](), [path]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            named = IMPORT.findall(files.files()[path].content)
            waiting += [posixpath.join(posixpath.dirname(path), each.decode()) for each in named]
            waiting = [posixpath.normpath(each) for each in waiting]
    return found


def test_what_the_first_page_needs_is_asked_for_at_once() -> None:
    """A module whose imports are found only when it has come costs one more way there and back."""
    page = files.files()["/"].content
    preloaded = re.findall(rb'<link rel="modulepreload" href="([^"]+)">', page)
    needed = imported("/console/main.js") | imported("/console/pages/handsets.js")
    assert sorted(each.decode() for each in preloaded) == sorted(needed - {"/console/main.js"})
