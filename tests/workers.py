"""Tests side by side: `pytest -n 2` gives each worker whole files, and some folders whole."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TOGETHER = (
    "tests/clients/sdk/",
    "tests/clients/sync/",
    "tests/conformance/",
    "tests/inbox/",
    "tests/javascript/",
)
"""Folders whose files share what takes long to make, or what only one may make: a browser, a
server, a build."""


class WholeFiles(LoadFileScheduling):
    """Gives out files in their order: those that take long are not among the last."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeFiles:
    """Give out the tests so."""
    config.option.loadscopereorder = False
    return WholeFiles(config, log)
