"""Sentences about Sync: pages that share objects, and what they hear."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.player.report import Report

Story = Callable[[str], Report]

HEAD = """\
scenario: A test
people:
  Alice: chat:alice
  Bob: chat:bob
story:
"""


@pytest.fixture
def story(play: Callable[..., Report]) -> Story:
    """Play some steps with Alice and Bob, who each have a page."""
    return lambda steps: play(HEAD + dedent(steps))


FETCH = "sync.services.documents.fetch: {service: sync_service_sid, sid: cart}"


def held(report: Report) -> None:
    assert report.held, report.failure and report.failure.lines()


def test_pages_and_a_back_end_share_a_document(story: Story) -> None:
    held(
        story(
            f"""\
            - Alice opens: {{document: cart}}
              as: cart
            - Bob sets: {{document: cart, data: {{total: 3, "a b": [1, null]}}}}
            - Alice sees: {{event: updated, sid: "${{cart.sid}}", data: {{total: 3}}}}
            - Alice updates: {{document: "${{cart.sid}}", data: {{paid: true}}}}
              ttl: 1 minute
            - Bob sees: {{document: cart, data: {{total: 3, "a b": [1, null], paid: true}}}}
            - {FETCH}
              expect: {{revision: 2, created_by: alice, date_expires: {{not: null}}}}
            - wait: 1 minute
            - Bob sees: removed
            - Bob sees nothing
            """
        )
    )


def test_who_watches_is_shown(story: Story) -> None:
    held(
        story(
            """\
            - Alice opens: {document: cart}
            - Bob opens: {document: cart}
            - Bob opens: {stream: pointers}
            - GET /sync/documents/cart:
              expect: {watched_by: [{identity: alice}, {identity: bob}]}
            - GET /sync/streams:
              expect: {objects: [{unique_name: pointers, watched_by: [{identity: bob}]}]}
            - Bob closes the page
            - GET /sync/documents:
              expect: {objects: [{watched_by: [{identity: alice}]}]}
            """
        )
    )


def test_items_of_lists_and_maps(story: Story) -> None:
    held(
        story(
            """\
            - Alice opens: {list: orders}
            - Alice opens: {map: prices}
            - Bob pushes: {list: orders, data: {number: 1}}
            - Bob pushes: {list: orders, data: {number: 2}}
              ttl: 5 minutes
              as: second
            - Bob sets: {list: orders, index: 0, data: {number: 3}}
            - Bob updates: {list: orders, index: "${second.index}", data: {paid: true}}
            - Bob removes: {list: orders, index: 0}
            - Alice sees:
                - {event: itemAdded, list: orders, index: 0, data: {number: 1}}
                - {event: itemAdded, index: 1, date_expires: {not: null}}
                - {event: itemUpdated, index: 0, data: {number: 3}}
                - {event: itemUpdated, index: 1, data: {number: 2, paid: true}}
                - {event: itemRemoved, index: 0}
            - Bob sets: {map: prices, key: a/b, data: {amount: 1}}
            - Bob updates: {map: prices, key: a/b, data: {currency: EUR}}
            - Bob removes: {map: prices, key: a/b}
            - Alice sees:
                - {event: itemAdded, map: prices, key: a/b, data: {amount: 1}}
                - {event: itemUpdated, data: {amount: 1, currency: EUR}}
                - itemRemoved
            - Bob removes: {map: prices}
            - Alice sees: {event: removed, map: prices}
            - Alice opens: {map: prices}
            - Bob sees nothing
            """
        )
    )


def test_a_stream_is_heard_by_whom_has_it_open(story: Story) -> None:
    held(
        story(
            """\
            - Alice publishes: {stream: pointers, data: {x: 1}}
            - Bob opens: {stream: pointers}
            - Alice publishes: {stream: pointers, data: {x: 2}}
            - Bob sees: {event: messagePublished, stream: pointers, data: {x: 2}}
            - Bob sees nothing: {data: {x: 1}}
            - Alice sees nothing
            """
        )
    )


def test_what_is_refused(story: Story) -> None:
    held(
        story(
            """\
            - Alice sets: {list: orders, index: 7, data: {}}
              fails: 54151
            - Alice updates: {map: prices, key: apple, data: {amount: 1}}
              fails: {status: 404}
            - Alice removes: {map: prices, key: apple}
              fails: 54201
            - sync.services.update: {service: sync_service_sid, acl_enabled: true}
            - sync.services.documents.create: {service: sync_service_sid, unique_name: cart}
            - Bob opens: {document: cart}
              fails: 54007
            - Bob sets: {document: cart, data: {}}
              fails: {code: 54007, status: 403}
            """
        )
    )


def test_a_page_that_is_closed_hears_nothing(story: Story) -> None:
    held(
        story(
            """\
            - Alice opens: {document: cart}
            - Alice closes the page
            - sync.services.documents.update: {service: default, sid: cart, data: {n: 1}}
            - Alice opens: {document: cart}
            - Alice sees nothing
            - DELETE /connections
            - Alice sees: disconnected
            """
        )
    )


def test_what_did_not_come_is_told_with_what_came(story: Story) -> None:
    report = story(
        """\
        - Alice opens: {document: cart}
        - Bob sets: {document: cart, data: {total: 3}}
        - Alice sees: {document: cart, data: {total: 4}}
          within: 5 seconds
        """
    )
    assert report.failure is not None
    assert report.failure.nearest.startswith('updated document cart, {"total": 3}')


@pytest.mark.parametrize("step", ["Alice sees: updated", "Alice closes the page"])
def test_who_has_nothing_open_sees_nothing(story: Story, step: str) -> None:
    report = story(f"- {step}\n")
    assert report.failure is not None
    assert report.failure.expected == "Alice to have something open"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("Alice opens: cart", "expected one of document, list, map, stream"),
        ("Alice opens: {document: a, list: b}", "expected one of document, list, map, stream here"),
        ("Alice opens: {data: {}}", "expected one of document, list, map, stream here"),
        ("Alice sets: {document: cart}", 'expected "data:" here'),
        ("Alice sets: {list: orders, data: {}}", 'expected "index:" here'),
        ("Alice sets: {map: prices, index: 1, data: {}}", "expected no index of a map"),
        ("Alice sets: {document: cart, key: a, data: {}}", "expected no key of a document"),
        ("Alice sets: {document: cart, data: 3}", "expected a JSON object"),
        ("Alice removes: {list: orders, index: x}", "expected a whole number"),
        ("Alice pushes: {map: prices, data: {}}", "expected one of list, data"),
        ("Alice sees: {event: changed}", 'expected one that there is, not "changed"'),
        ("Alice sees: {documents: cart}", 'not "documents"'),
        ("Ann opens: {document: cart}", "Ann"),
    ],
)
def test_what_cannot_be_said(step: str, problem: str) -> None:
    text = f"scenario: One\npeople:\n  Alice: chat:alice\n  Ann: +12025550199\nstory:\n  - {step}\n"
    with pytest.raises(Faulty) as caught:
        library.load_text(text)
    assert problem in str(caught.value)
