"""The files for stacks are what those who read them take: by their schemas, and by our names."""

import json
import re
from importlib import resources
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

from tests.examples.snippets import ROOT
from tests.examples.stacks import EXAMPLES, Service, dockerfile, exec_form, read
from twilio_emulator.cli.commands import main
from twilio_emulator.core.accounts.accounts import DEFAULT_NUMBERS
from twilio_emulator.redirection import variables
from twilio_emulator.redirection.hosts import HOSTS
from twilio_emulator.settings import ACCOUNT_SID, AUTH_TOKEN

COMPOSE = ("compose/compose.yaml", "compose/aliases.compose.yaml")
DOCKERFILES = ("Dockerfile", "examples/compose/shop/Dockerfile", "examples/compose/desk/Dockerfile")

OPTIONS = {option.envvar for option in main.commands["serve"].params}


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        *((file, "compose-spec") for file in COMPOSE),
        ("ci/github-actions.yaml", "github-workflows"),
        ("ci/gitlab-ci.yaml", "gitlab-ci"),
    ],
)
def test_a_file_is_what_its_schema_wants(file: str, schema: str) -> None:
    folder = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor")
    wanted = json.loads(folder.joinpath(f"{schema}.json").read_text(encoding="utf-8"))
    # YAML 1.1 reads `on` as true; those who read these files do not.
    text = re.sub(r"^on:", '"on":', (EXAMPLES / file).read_text(), flags=re.M)
    judge = validator_for(wanted)(wanted)
    assert [each.message for each in judge.iter_errors(yaml.safe_load(text))] == []


def test_the_pod_is_one() -> None:
    import kubernetes_validate

    pod = read(EXAMPLES / "kubernetes/pod.yaml")
    kubernetes_validate.validate(pod, kubernetes_validate.latest_version(), strict=True)


def said(value: Any) -> Any:
    """All variables in a file, by name: maps, and lists of name and value."""
    if isinstance(value, dict):
        if set(value) == {"name", "value"}:
            yield value["name"], str(value["value"])
        for name, each in value.items():
            if isinstance(each, str) and (name.isupper() or name.endswith("_proxy")):
                yield name, each
            yield from said(each)
    elif isinstance(value, list):
        for each in value:
            yield from said(each)


@pytest.mark.parametrize(
    "file", [*COMPOSE, "ci/github-actions.yaml", "kubernetes/pod.yaml"], ids=lambda file: file
)
def test_its_variables_are_known_and_true(file: str) -> None:
    found = list(said(read(EXAMPLES / file)))
    assert found
    known = variables.changes("http://twilio:8008", "/authority", {})
    for name, value in found:
        if name.startswith("TWILIO_EMULATOR_"):
            assert name in OPTIONS, name
        elif name == "TWILIO_ACCOUNT_SID":
            assert value == ACCOUNT_SID
        elif name == "TWILIO_AUTH_TOKEN":
            assert value == AUTH_TOKEN
        elif name.endswith("_PHONE_NUMBER"):
            assert value in DEFAULT_NUMBERS
        elif not name.endswith("_URL") and not name.startswith("FF_"):
            assert name in known, name


@pytest.mark.parametrize("file", ["compose/compose.yaml", "kubernetes/pod.yaml"])
def test_whatever_needs_a_proxy_has_it_in_both_cases(file: str) -> None:
    found = dict(said(read(EXAMPLES / file)))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        assert found[name] == found[name.lower()]
    assert "twilio.com" not in found["NO_PROXY"]


def test_what_services_say_to_each_other_needs_no_proxy() -> None:
    declared = read(EXAMPLES / COMPOSE[0])
    for name in ("shop", "desk"):
        exempt = declared["services"][name]["environment"]["NO_PROXY"].split(",")
        assert set(declared["services"]) <= set(exempt)


def test_the_aliases_are_the_hosts() -> None:
    services = read(EXAMPLES / COMPOSE[1])["services"]
    assert services["twilio"]["networks"]["default"]["aliases"] == list(HOSTS)
    for service in services.values():
        assert not {name for name in service["environment"] if name.upper().endswith("_PROXY")}


def test_apps_wait_for_an_emulator_that_is_healthy() -> None:
    for file in COMPOSE:
        services = read(EXAMPLES / file)["services"]
        for name in ("shop", "desk"):
            waits = services[name]["depends_on"]
            assert waits == {"twilio": {"condition": "service_healthy"}}
            assert "authority:/authority:ro" in services[name]["volumes"]


def test_a_volumes_folder_is_that_of_the_user_who_writes_there() -> None:
    (made,) = re.findall(
        r"install -d -o twilio -g twilio (.*)$", (ROOT / "Dockerfile").read_text(), re.M
    )
    volumes = read(EXAMPLES / COMPOSE[0])["services"]["twilio"]["volumes"]
    assert sorted(made.split()) == sorted(each.split(":")[1] for each in volumes)


@pytest.mark.parametrize("file", DOCKERFILES)
def test_an_image_is_of_no_architecture_and_no_root(file: str) -> None:
    text = (ROOT / file).read_text()
    assert not re.search(r"amd64|arm64|x86_64|aarch64|--platform=linux", text)
    image = dockerfile((ROOT / file).parent)
    assert image["USER"][-1] not in ("root", "0")
    assert exec_form(image["HEALTHCHECK"][0])


def test_the_bases_of_the_image_can_be_pinned() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^ARG PYTHON=python:3\.\d+-slim$", text, re.M)
    bases = re.findall(r"^FROM (.*)$", text, re.M)
    assert bases == ["--platform=$BUILDPLATFORM ${PYTHON} AS build", "${PYTHON}"]


def test_the_page_names_every_file() -> None:
    page = (ROOT / "docs/stack.md").read_text()
    for folder in ("ci", "compose", "kubernetes", "testcontainers/python"):
        for path in (EXAMPLES / folder).glob("*.yaml" if "/" not in folder else "*.py"):
            assert f"../examples/{folder}/{path.name}" in page, path.name


def test_the_variables_of_the_example_are_read_as_compose_reads_them() -> None:
    declared = read(EXAMPLES / COMPOSE[0])["services"]["twilio"]
    service = Service(EXAMPLES / "compose", declared, "node", {"authority": ROOT, "state": ROOT})
    urls = service.environment["TWILIO_EMULATOR_SMS_URL"].split()
    assert urls == ["+12025550100=http://shop:8000/sms", "+12025550101=http://desk:3000/sms"]
