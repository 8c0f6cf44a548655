"""Twilio's libraries log in as an OAuth client, as they come, redirected from outside."""

import json
import subprocess

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.credential.client_credential_provider import ClientCredentialProvider
from twilio.credential.orgs_credential_provider import OrgsCredentialProvider
from twilio.rest import Client

from tests.conftest import CLIENTS
from twilio_emulator import Emulator

IN_TIME = 60  # seconds
PROVIDERS = [ClientCredentialProvider, OrgsCredentialProvider]


def asked_for_tokens(emulator: Emulator) -> list[int]:
    requests = emulator.journal.of("request")
    return [each["status"] for each in requests if each["path"] == "/v2/token"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_python(twilio_redirect: Emulator, provider: type[ClientCredentialProvider]) -> None:
    client_id, secret = twilio_redirect.oauth_client_id, twilio_redirect.oauth_client_secret
    client = Client(
        account_sid=twilio_redirect.account_sid, credential_provider=provider(client_id, secret)
    )
    ann = twilio_redirect.handset("+12025550199")
    client.messages.create(to=ann.address, from_=twilio_redirect.number, body="Hello")
    assert ann.wait().body == "Hello"
    assert client.conversations.v1.conversations.create(friendly_name="Shop").sid[:2] == "CH"
    assert asked_for_tokens(twilio_redirect) == [200]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_python_is_told_of_a_wrong_secret(
    twilio_redirect: Emulator, provider: type[ClientCredentialProvider]
) -> None:
    wrong = provider(twilio_redirect.oauth_client_id, "wrong")
    client = Client(account_sid=twilio_redirect.account_sid, credential_provider=wrong)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.list()
    assert (refused.value.status, refused.value.code) == (401, 322402)
    assert asked_for_tokens(twilio_redirect) == [401]


LOGIN = """
const twilio = require("twilio");
const [name, id, secret, account, from, to] = process.argv.slice(1);
const provider = new twilio[name]().setClientId(id).setClientSecret(secret).build();
const client = twilio();
client.setCredentialProvider(provider);
client.setAccountSid(account);
(async () => {
  try {
    const sent = await client.messages.create({ from, to, body: "Hello" });
    const made = await client.conversations.v1.conversations.create({ friendlyName: "Shop" });
    console.log(JSON.stringify([sent.status, made.sid.slice(0, 2)]));
  } catch (error) {
    console.log(JSON.stringify(error.message));
  }
})();
"""


@pytest.mark.parametrize(
    "name", ["ClientCredentialProviderBuilder", "OrgsCredentialProviderBuilder"]
)
def test_node(twilio_redirect: Emulator, node: str, name: str) -> None:
    def run(secret: str) -> object:
        said = (twilio_redirect.account_sid, twilio_redirect.number, "+12025550199")
        done = subprocess.run(
            [node, "-e", LOGIN, name, twilio_redirect.oauth_client_id, secret, *said],
            cwd=CLIENTS,
            capture_output=True,
            text=True,
            timeout=IN_TIME,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert run(twilio_redirect.oauth_client_secret) == ["queued", "CH"]
    assert "Error Status Code: 401" in str(run("wrong"))
    assert "Invalid credentials" in str(run("wrong"))
