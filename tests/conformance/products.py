"""Twilio's OpenAPI files of messaging, numbers, accounts and content as referees.

What of them is in scope stands in `twilio_emulator/products.py`; what of that is not emulated, and
why, stands here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.conformance.referee import FOLDER, MORE_KEYS, PAGING, Described, Referee, shape
from twilio_emulator import products as manifest
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.lookup.packages import KEYS
from twilio_emulator.wire.operations import Api, Operation

PAGE_2010 = {
    "end",
    "first_page_uri",
    "next_page_uri",
    "page",
    "page_size",
    "previous_page_uri",
    "start",
    "uri",
}

SCOPE = manifest.CONFORMANCE
"""By product and version: which of their paths are in scope."""

IMPORTS = r"(List|Create|Fetch)Profiles?Imports?V2"

NOT_EMULATED = {
    r"\w+IncomingPhoneNumberAssignedAddOn\w*": "add-ons of the marketplace are not emulated",
    r"ListAvailablePhoneNumber(MachineToMachine|National|SharedCost|Voip)": (
        "no country here has such numbers"
    ),
    r"CreateExternalCampaign|\w+UsAppToPerson\w*": (
        "the control API says whether a service is registered: PATCH /services/{MG}"
    ),
    r"ListLegacyContent": "there are no templates from before the Content API",
    IMPORTS: "the file is uploaded to Amazon's storage: `Profiles/Bulk` makes as many profiles",
    r"(List|Fetch)ExecutionStep\w*": "flows are not run: there are no steps",
}
"""Operations in scope that are answered with 20404, and why."""

FEWER_KEYS = {
    "content.v1.content.approval_create": {"send_ttl_seconds"},
}
"""Keys that the file has and its own examples do not, by schema."""

MAY_BE_EMPTY = {"sms_application_sid", "voice_application_sid"}
"""Sids that are an empty text in Twilio's examples when there is none."""

MORE_VALUES = {
    ("verify.v2.verification_attempt", "channel"): {"sna"},
}
"""Values that the file leaves out: verifications over the mobile network have attempts, too."""

PACKAGES = set(KEYS)

NULL_ALTHOUGH_REFERENCE = {
    "LookupResponse": PACKAGES,
    "LookupBatchResponse": PACKAGES,
    "messaging.v2.channels_sender_response": {"properties", "offline_reasons", "compliance"},
}
"""Keys that are null in the examples of the file, although they refer to an object."""


@dataclass(frozen=True)
class Product:
    """One file, with the table of operations that it is held against."""

    name: str
    api: Api
    referee: "FileReferee"

    @property
    def declared(self) -> dict[tuple[str, str], Operation]:
        return {(each.method, shape(each.path)): each for each in self.api.operations}

    @property
    def described(self) -> list[Described]:
        """The operations in scope."""
        wanted = re.compile(SCOPE[self.name])
        return [it for it in self.referee.operations.values() if wanted.fullmatch(it.path)]

    @property
    def url(self) -> str:
        return f"https://{self.api.host}"


def reason_not_to(described: Described) -> str | None:
    """Why an operation is not emulated; None for one that is."""
    return next(
        (why for name, why in NOT_EMULATED.items() if re.fullmatch(name, described.name)), None
    )


def products() -> dict[str, Product]:
    """All of them by name, such as `messaging_v1`."""
    found = {}
    for api in manifest.APIS:
        version = api.version.replace("2010-04-01", "v2010")
        name = f"{api.host.partition('.')[0]}_{version}"
        if name in SCOPE:
            specification = json.loads((FOLDER / f"twilio_{name}.json").read_text())
            found[name] = Product(name, api, FileReferee(specification))
    return found


class FileReferee(Referee):
    """A whole file, in the form of the 2010 API or of later ones."""

    def __init__(self, specification: dict[str, Any]) -> None:
        self._schemas = specification["components"]["schemas"]
        self.operations = {each.key: each for each in self._read(specification)}

    def _read(self, specification: dict[str, Any]) -> Iterator[Described]:
        for path, item in specification["paths"].items():
            for method in ("get", "post", "put", "delete"):
                if method in item:
                    yield self._operation(method.upper(), path, item[method])

    def _operation(self, method: str, path: str, written: Any) -> Described:
        query = [each for each in written.get("parameters", ()) if each.get("in") == "query"]
        content = written.get("requestBody", {}).get("content", {})
        form = next(iter(content.values()), {}).get("schema", {})
        form = self._schemas.get(form.get("$ref", "").rpartition("/")[2], form)
        names = [each["name"] for each in query if each["name"] not in PAGING]
        return Described(
            name=written["operationId"],
            method=method,
            path=path,
            parameters=(*names, *form.get("properties", ())),
            required=tuple(form.get("required", ())),
            schemas={
                int(status): answer.get("content", {}).get("application/json", {}).get("schema")
                for status, answer in written["responses"].items()
            },
        )

    def find(self, method: str, path: str) -> Described:
        """The operation that a path with its version belongs to."""
        segments = urlsplit(path).path.replace(".json", "/.json").strip("/").split("/")
        fitting = [each for each in self.operations.values() if _fits(each, method, segments)]
        return min(fitting, key=lambda each: each.path.count("{"))

    def faults(self, operation: Described, status: int, body: Any) -> list[str]:
        """What is wrong with an answer: its status, keys or types."""
        schema = operation.schemas.get(status)
        if schema is not None and not operation.is_list and "$ref" not in schema:
            self._schemas[operation.name] = schema
            return list(self._of_resource(operation.name, body))
        return super().faults(operation, status, body)

    def _of_list(self, schema: Any, body: Any) -> Iterator[str]:
        properties = schema["properties"]
        if "meta" in properties:
            yield from super()._of_list(schema, body)
            return
        (key,) = properties.keys() - PAGE_2010
        paging = set(body) - {key}
        if paging != PAGE_2010 and not (key in ONE_PAGE and paging == {"uri"}):
            yield f"a list of {key} with the keys {list(body)}"
        for row in body[key]:
            yield from self._of_resource(properties[key]["items"]["$ref"], row)

    def _of_resource(self, reference: str, body: Any) -> Iterator[str]:
        name = reference.rpartition("/")[2]
        properties = self._schemas[name]["properties"]
        more = MORE_KEYS.get(name, set())
        if set(body) - more != set(properties) - FEWER_KEYS.get(name, set()):
            yield f"{name}: the keys differ by {set(body) ^ set(properties)}"
        for key in properties.keys() & body.keys():
            if body[key] is None and key in NULL_ALTHOUGH_REFERENCE.get(name, ()):
                continue
            if body[key] == "" and key in MAY_BE_EMPTY:
                continue
            yield from self._of_value(name, key, properties[key], body[key])

    def _of_value(self, name: str, key: str, schema: Any, value: Any) -> Iterator[str]:
        row = schema.get("items", {}).get("$ref", "")
        if "properties" in self._schemas.get(row.rpartition("/")[2], {}) and value is not None:
            for each in value:
                yield from self._of_resource(row, each)
            return
        reference = self._schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
        if value in MORE_VALUES.get((name, key), ()):
            return
        if "enum" in reference or not reference:
            if schema.get("format") == "date-time-rfc-2822" and value is not None:
                if not RFC_2822.fullmatch(value):
                    yield f"{name}.{key} is {value!r}, no date of RFC 2822 in UTC"
                return
            yield from super()._of_value(name, key, schema, value)
        elif "properties" in reference:
            properties = reference["properties"]
            if not isinstance(value, dict) or set(value) != set(properties):
                yield f"{name}.{key} is {value!r}, which has other keys"
                return
            for inner, held in value.items():  # whether it may be null the file does not say
                if held is not None:
                    yield from self._of_value(f"{name}.{key}", inner, properties[inner], held)
        else:
            yield from super()._of_value(name, key, reference, value)


ONE_PAGE = frozenset({"available_phone_numbers", "countries"})
"""Lists without pages, whatever the file says; so its own examples show them."""

RFC_2822 = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000")


def _fits(operation: Described, method: str, segments: list[str]) -> bool:
    parts = operation.path.replace(".json", "/.json").strip("/").split("/")
    return (
        operation.method == method
        and len(parts) == len(segments)
        and all(a == b or a[0] == "{" for a, b in zip(parts, segments, strict=True))
    )


def is_declared(product: Product, described: Described) -> bool:
    """Whether the table has it: by its method, and the shape of its path."""
    try:
        product.api.find(described.method, described.path.strip("/").split("/"))
    except Refused:
        return False
    return described.key in product.declared
