import pytest

from twilio_emulator.wire import twilio_hosts
from twilio_emulator.wire.twilio_hosts import Site


@pytest.mark.parametrize(
    ("host", "product"),
    [
        ("api.twilio.com", "api"),
        ("conversations.dublin.ie1.twilio.com", "conversations"),
        ("TSOCK.us1.Twilio.com.", "tsock"),
        ("twilio.com", None),
        (".twilio.com", None),
        ("twilio.com.example.org", None),
        ("nottwilio.com", None),
        ("localhost", None),
    ],
)
def test_the_first_label_of_a_twilio_host_is_the_product(host: str, product: str | None) -> None:
    assert twilio_hosts.product(host) == product


def test_by_host() -> None:
    site = Site("https://conversations.twilio.com", "https://")
    assert twilio_hosts.by_host("https", "conversations.twilio.com") == ("conversations", site)
    assert site.of("mcs.us1.twilio.com") == "https://mcs.us1.twilio.com"
    assert twilio_hosts.by_host("http", "api.twilio.com:8008") == (
        "api",
        Site("http://api.twilio.com:8008", "https://"),
    )
    assert twilio_hosts.by_host("http", "localhost:8008") is None


def test_by_first_segment() -> None:
    found = twilio_hosts.by_first_segment("http", "localhost:8008", "messaging.twilio.com")
    assert found is not None
    product, site = found
    assert (product, site.base) == ("messaging", "http://localhost:8008/messaging.twilio.com")
    assert site.of("mcs.us1.twilio.com") == "http://localhost:8008/mcs.us1.twilio.com"
    assert twilio_hosts.by_first_segment("http", "localhost:8008", "v1") is None


@pytest.mark.parametrize(
    ("segment", "product"),
    [
        ("2010-04-01", "api"),
        ("v1", "conversations"),
        ("v3", "tsock"),
        ("v2/Services", "verify"),
        ("v2/Forms", "verify"),
        ("v2/PhoneNumbers", "lookups"),
        ("v2/batch", "lookups"),
        ("v2/RateLimits", "lookups"),
        ("v2/Conversations", "conversations"),
        ("v2/ControlPlane", "conversations"),
        ("v2/KnowledgeBases", "knowledge"),
        ("v2/Flows", "studio"),
        ("v1/Stores", "memory"),
    ],
)
def test_by_path(segment: str, product: str) -> None:
    site = Site("http://localhost:8008", "http://localhost:8008/")
    assert twilio_hosts.by_path("http", "localhost:8008", segment) == (product, site)
    assert twilio_hosts.by_path("http", "localhost:8008", "v9") is None


@pytest.mark.parametrize(
    ("path", "tells"),
    [
        ("v1/Conversations", "v1"),
        ("v1/Stores/mem_store_1/Profiles", "v1/Stores"),
        ("v1/ControlPlane/Stores", "v1/Stores"),
        ("v2/Conversations/x/Actions", "v2/Conversations"),
        ("v2/ControlPlane/Configurations", "v2/ControlPlane"),
        ("v2/ControlPlane/KnowledgeBases/know_1", "v2/KnowledgeBases"),
        ("v2/KnowledgeBases/know_1/Search", "v2/KnowledgeBases"),
        ("v2/Services", "v2/Services"),
        ("v3/wsconnect", "v3"),
        ("api.twilio.com/2010-04-01", "api.twilio.com"),
    ],
)
def test_what_of_a_path_tells_whose_it_is(path: str, tells: str) -> None:
    first, _, rest = path.partition("/")
    assert twilio_hosts.telling(first, rest) == tells
