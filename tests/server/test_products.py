"""A throw-away product, added to a copy of the package: what has to be touched for it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scaffold import product
from twilio_emulator import products

SOURCE = Path(products.__file__).parent
ROOT = Path(__file__).parents[2]

OWN = {
    "core/parking/__init__.py": '"""Parking: tickets."""\n',
    "core/parking/tickets.py": '''"""Tickets of cars that are parked."""

from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World


@record
class Ticket:
    """A ticket (PK)."""

    sid: str
    car: str
    door_code: str


class Tickets(Table[Ticket]):
    """Tickets."""

    def __init__(self) -> None:
        super().__init__(Ticket)


@event
class TicketAdded:
    """A car is parked."""

    ticket: Ticket


@command
class AddTicket:
    """Park a car."""

    car: str

    def apply(self, world: World) -> Ticket:
        made = Ticket(sid=world.sids.new("PK"), car=self.car, door_code="4711")
        world[Tickets].put(made)
        world.tell(TicketAdded(ticket=made))
        return made


def fetch_ticket(world: World, *, ticket: str) -> Ticket:
    """A ticket."""
    found = world[Tickets].get(ticket)
    if found is None:
        raise Refused(NOT_FOUND)
    return found
''',
    "core/parking/wing.py": '''"""The wing."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.parking.tickets import AddTicket, Tickets

PARKING = Wing(name="parking", tables=(Tickets,), commands=(AddTicket,))
''',
    "rest/parking/__init__.py": '"""Parking v1."""\n',
    "rest/parking/v1.py": '''"""https://parking.twilio.com/v1"""

from twilio_emulator.core.parking.tickets import AddTicket, Ticket, fetch_ticket
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import Api, Prefix

api = Api("parking.twilio.com", "v1")


def ticket(it: Ticket, call: Call) -> dict[str, object]:
    return {"sid": it.sid, "car": it.car, "garage": call.path["service"]}


api.collection(
    "/Tickets", "/{ticket}", ticket, create=AddTicket, fetch=fetch_ticket, where=Prefix.SERVICE
)
''',
    "webhooks/parking/__init__.py": '"""Webhooks of parking."""\n',
    "webhooks/parking/listener.py": '''"""What the webhooks of parking hear of."""

from twilio_emulator.core.kernel.world import Happened, Origin, World
from twilio_emulator.core.parking.tickets import AddTicket, TicketAdded
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.delivery import Asking, ProductWebhooks, Webhooks
from twilio_emulator.webhooks.http.connection_overrides import USUAL
from twilio_emulator.webhooks.http.exchange import Request, WebhookResponse
from twilio_emulator.webhooks.http.manner import Manner

MANNER = Manner(
    product="parking",
    patience=USUAL,
    limit=lambda settings: 10.0,
    overrides=False,
    redirects=False,
    content_type="application/x-www-form-urlencoded",
)
URLS = {}


def outcome(world: World, event: str, car: str) -> Outcome:
    url = URLS["app"]
    decision = Decision(
        event=event, subject=car, setting="parking", url=url, sent=True, because=AS_SET
    )
    return decision, Request(
        event=event,
        subject=car,
        account_sid=world.account_sid,
        manner=MANNER,
        url=url,
        parameters=(("EventType", event), ("Car", car)),
    )


def question(world: World, command: AddTicket, origin: Origin) -> Outcome:
    return outcome(world, "onTicketAdd", command.car)


def judge(command: AddTicket, event: str, answer: WebhookResponse) -> tuple[AddTicket | None, str]:
    return (None, "forbidden") if answer.status == 403 else (command, "unchanged")


def ticket_added(webhooks: Webhooks, event: TicketAdded, happened: Happened) -> None:
    webhooks.send(outcome(webhooks.world, "onTicketAdded", event.ticket.car))


WEBHOOKS = ProductWebhooks(
    manner=MANNER,
    begin=lambda webhooks: webhooks,
    hears={TicketAdded: ticket_added},
    asks={AddTicket: Asking(question=question, judge=judge)},
)
''',
    "control/parking.py": '''"""Tickets by the control API."""

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.core.parking.tickets import Tickets


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    controls.group("tickets", "What was parked.")

    @controls.on("GET", "/tickets", "count_tickets", "How many.", gives=dict[str, int])
    async def count(control: Control) -> Reply:
        return json_reply({"count": len(control.hosted.world[Tickets])})
''',
    "scenarios/sentences/parking.py": '''"""Sentences about parking."""

from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.player.scene import Scene


@sentence("nobody parks", example="nobody parks")
async def nobody_parks(scene: Scene, step: Step) -> None:
    """The garage stays as it is."""
    await scene.tell_that("", "-", "no car came")
''',
    "console/page/pages/parking.js": """// Tickets.

import { SimplePage } from "./simple.js";

export default class ParkingPage extends SimplePage {}
""",
}

BEGUN = "\nPARKING = Product(apis=(parking_v1.api,))\n"

PRODUCT = """
PARKING = Product(
    apis=(parking_v1.api,),
    control=(parking.declare,),
    events={TicketAdded: "ticket.added"},
    webhooks=(parking_listener.WEBHOOKS,),
    secrets=frozenset({"door_code"}),
    sentences=("parking",),
    pages=(ConsolePage("parking", "number", "Parking", "p", 130),),
    conformance={"parking_v1": ".*"},
)
"""

IMPORTS = """
from twilio_emulator.control import parking
from twilio_emulator.core.parking.tickets import TicketAdded
from twilio_emulator.webhooks.parking import listener as parking_listener
"""

USE = """
import asyncio, html, json, re, sys
import httpx2
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.wings import read_line
from twilio_emulator.products import CONFORMANCE
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings
from twilio_emulator.webhooks.parking import listener

STORY = '''
scenario: Parking
story:
  - nobody parks
'''


async def receive(reader, writer):
    # No blue car may park.
    head = await reader.readuntil(b"\\r\\n\\r\\n")
    size = int(re.search(rb"(?i)content-length: (\\d+)", head)[1])
    form = (await reader.readexactly(size)).decode()
    heard.append(form)
    status = 403 if form == "EventType=onTicketAdd&Car=blue" else 200
    lines = b"HTTP/1.1 %d OK" % status, b"Content-Length: 0", b"Connection: close", b"", b""
    writer.write(b"\\r\\n".join(lines))
    await writer.drain()
    writer.close()


heard = []


async def use():
    app = await asyncio.start_server(receive, "127.0.0.1", 0)
    listener.URLS["app"] = "http://127.0.0.1:%d/" % app.sockets[0].getsockname()[1]
    server = Server(Settings(clock="frozen"), lambda: b"")
    default = server.worlds.default
    account = default.world[Accounts][default.world.account_sid]
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        auth = (account.sid, account.auth_token)
        tickets = "/parking.twilio.com/v1/Services/GA1/Tickets"
        made = await client.post(tickets, data={"Car": "red"}, auth=auth)
        sid = made.json()["sid"]
        blue = await client.post(tickets, data={"Car": "blue"}, auth=auth)
        async with asyncio.timeout(60):
            await default.pace.settle()
        found = await client.get(f"{tickets}/{sid}", auth=auth)
        control = "/_emulator/v1"
        journal = (await client.get(f"{control}/journal")).json()["entries"]
        told = next(each for each in journal if each.get("event") == "TicketAdded")
        count = (await client.get(f"{control}/tickets")).json()
        report = await client.post(f"{control}/scenarios", content=STORY)
        page = await client.get("/", headers={"accept": "text/html"})
        pages = re.search('<meta name="pages" content="(.*?)">', page.text)[1]
        module = await client.get("/console/pages/parking.js")
        snapshot = (await client.get(f"{control}/snapshot")).json()
        entry = next(each for each in default.gate.log.after(0) if each.kind == "event"
                     and type(each.content.event).__name__ == "TicketAdded")
        from twilio_emulator.products import VOCABULARY
        name = VOCABULARY.name_of(entry)
        sent = (await client.get(f"{control}/webhooks")).json()["webhooks"]
        product = sorted({each["product"] for each in sent})
        await server.end()
    app.close()
    json.dump({
        "made": made.status_code,
        "forbidden": blue.status_code,
        "heard": heard,
        "product": product,
        "found": {**found.json(), "sid": found.json()["sid"] == sid},
        "hidden": told["fields"]["ticket"]["door_code"],
        "name": name,
        "count": count,
        "story": [report.status_code, report.json().get("held")],
        "last page": json.loads(html.unescape(pages))[-1],
        "module": module.status_code,
        "kept": len(snapshot["tables"]["tickets"]),
        "in scope": CONFORMANCE["parking_v1"],
    }, sys.stdout)


asyncio.run(use())
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with one more product: begun by `make product`, and filled."""
    tree = tmp_path_factory.mktemp("source")
    copy = tree / product.PACKAGE
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("ARCHITECTURE.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tree / name)
    product.write(product.plan(tree, "parking"))
    for name, text in OWN.items():
        assert not (SOURCE / name).exists()
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text)
    manifest = (copy / "products.py").read_text()
    assert BEGUN in manifest
    manifest = manifest.replace(BEGUN, PRODUCT).replace(
        "\n\n@dataclass", f"{IMPORTS}\n\n@dataclass", 1
    )
    (copy / "products.py").write_text(manifest)
    return copy


def test_a_product_is_its_own_files_and_the_manifest(package: Path) -> None:
    used = subprocess.run(
        [sys.executable, "-c", USE],
        env={"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=package.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert used.returncode == 0, used.stderr
    assert json.loads(used.stdout) == {
        "made": 201,
        "forbidden": 403,
        "heard": [
            "EventType=onTicketAdd&Car=red",
            "EventType=onTicketAdded&Car=red",
            "EventType=onTicketAdd&Car=blue",
        ],
        "product": ["parking"],
        "found": {"sid": True, "car": "red", "garage": "GA1"},
        "hidden": "(not shown)",
        "name": "ticket.added",
        "count": {"count": 1},
        "story": [200, True],
        "last page": ["parking", "number", "Parking", "p"],
        "module": 200,
        "kept": 1,
        "in scope": ".*",
    }
    changed = {
        name
        for name in (path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.*"))
        if "__pycache__" not in name
        and (SOURCE / name).is_file()
        and (SOURCE / name).read_bytes() != (package / name).read_bytes()
    }
    assert changed == {"core/wings.py", "products.py"}


def test_what_the_manifest_lists_is_there() -> None:
    pages = SOURCE / "console/page/pages"
    of_files = {path.stem for path in pages.glob("*.js")} - {"all", "simple"}
    assert {page.name for page in products.PAGES} == of_files
    drawings = re.findall(
        r'^  "?([\w-]+)"?: \[', (pages.parent / "icons.js").read_text(), re.MULTILINE
    )
    assert {page.drawing for page in products.PAGES} <= set(drawings)
    assert len({page.key for page in products.PAGES}) == len(products.PAGES)
    declaring = {
        path.stem
        for path in (SOURCE / "scenarios/sentences").glob("*.py")
        if "\n@sentence(" in path.read_text()
    }
    assert declaring <= set(products.SENTENCES)
