"""Clients of every language send a text, led to an emulator by `run` alone."""

import pytest

from tests.conftest import absent
from tests.languages.table import CLIENTS, PAGE, Client, run, written


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: f"{client.runtime}: {client.name}")
def test_a_client(client: Client) -> None:
    outcome = run(client)
    if outcome.what == "absent":
        absent(f"{client.language} is not here, or a library that it needs")
    assert outcome.what == "sent", outcome.words


def test_the_page_has_them_all() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "`python -m tests.languages` writes it"
