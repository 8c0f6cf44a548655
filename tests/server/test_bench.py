"""That `make bench` can measure at all: its figures are no test's business."""

from tests.bench import capture, pauses
from tests.bench.__main__ import bare, constant, emulator, renewed
from tests.bench.turns import Effort, alternate
from tests.bench.work import CREATES, new_world

SHORT = Effort(turns=1, warm=0.0, seconds=0.05, fanouts=1)


def test_the_bench_measures_what_is_created() -> None:
    with emulator("--loop", "asyncio") as server:
        server.connect()
        sample = new_world(server, 2)
        samples = {name: sample.sample(name) for name in CREATES}
        with bare(samples.values(), "asyncio") as reference:
            sides = {"bare": constant(reference, sample, samples), "emulator": renewed(server)}
            for name in CREATES:
                rates = alternate(sides, name, 1, SHORT)
                assert all(rates[side].per_second[0] > 0 for side in sides), rates
            shots = {side: prepare(CREATES[0]) for side, prepare in sides.items()}
            found = pauses.measure(
                [(side, shot.server, shot.requests[0]) for side, shot in shots.items()], 3
            )
            assert all(each["longest"] >= each["median"] > 0 for each in found.values()), found
        assert pauses.holds({"emulator": server})["emulator"] >= 0


def test_it_measures_what_capturing_costs() -> None:
    costs = capture.measure(turns=1, texts=2)

    assert min(costs.without_wing, costs.without_rules, costs.captured, costs.share) > 0
