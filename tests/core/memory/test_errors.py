import importlib
import pkgutil
from collections import defaultdict

from twilio_emulator.core import memory
from twilio_emulator.core.kernel.refusals import Refusal


def test_codes_by_status() -> None:
    """A bad request has its bare status as code, as the OpenAPI file's examples have it."""
    found = defaultdict(set)
    for module in pkgutil.walk_packages(memory.__path__, memory.__name__ + "."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Refusal):
                found[value.status].add(value.code)
    assert found == {400: {400}, 404: {20404}, 409: {20409}, 412: {20412}}
