"""The emulator in a container for the tests of a session: pip install testcontainers."""

from collections.abc import Iterator

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from twilio_emulator import Emulator

PORT = 8008


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    container = (
        DockerContainer("twilio-emulator")
        .with_exposed_ports(PORT)
        # The app that is tested runs here, beside the container.
        .with_kwargs(extra_hosts={"host.docker.internal": "host-gateway"})
        .with_env("TWILIO_EMULATOR_SMS_URL", "http://host.docker.internal:3000/sms")
        .waiting_for(HttpWaitStrategy(PORT, "/_emulator/v1/ready"))
    )
    with container:
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(PORT)}"


def test_a_code(url: str) -> None:
    with Emulator(url=url) as emulator:
        ann = emulator.handset("+12025550199")
        emulator.client().messages.create(
            to=ann.address, from_=emulator.number, body="Your code is 424242"
        )
        assert ann.wait(contains="code").codes == ["424242"]
