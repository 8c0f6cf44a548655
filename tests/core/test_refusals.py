"""The codes that apps compare, and the statuses that HTTP clients raise on, each as Twilio's."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator

from twilio_emulator import core
from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.senders.refusals import LATER, NEVER_LEFT

CODES = {
    400: {
        400,  # of Memory and Knowledge
        *(20001, 21211, 21212, 21217, 21265, 21266, 21267, 21406, 21408, 21421, 21422, 21424),
        *(21450, 21452, 21472, 21481, 21602, 21603, 21604, 21605, 21606, 21608, 21609, 21610),
        *(21612, 21614, 21617, 21619, 21620, 21621, 21623, 21624, 21627, 21635, 21654, 21655),
        *(21656, 21659, 21660, 21661, 21664, 21665, 21666, 21667, 21701, 21703, 21704, 21705),
        *(21709, 21711, 21715, 21910, 30029, 30030, 30400, 35111, 35115, 35117, 35118, 35126),
        *(50000, 50003, 50004, 50054, 50055, 50058, 50059, 50102, 50103, 50104, 50105, 50106),
        *(50109, 50203, 50204, 50206, 50207, 50209, 50210, 50211, 50214, 50303, 50304, 50308),
        *(50309, 50310, 50340, 50341, 50342, 50361, 50362, 50363, 50364, 50365, 50366, 50367),
        *(50368, 50369, 50370, 50371, 50372, 50373, 50374, 50375, 50376, 50377, 50378, 50379),
        *(50380, 50384, 50386, 50390, 50407, 50408, 50409, 50411, 50412, 50413, 50414, 50415),
        *(50417, 50418, 50420, 50421, 50422, 50426, 50434, 50435, 50436, 50439, 50440, 50441),
        *(50442, 50443, 50444, 50451, 50453, 50503, 50504, 50506, 50510, 50511, 50512, 50513),
        *(50526, 50527, 50528, 50529, 50540, 50541, 50542, 63007, 63031, 216602),
    },
    401: {20003},
    403: {20005, 20008, 50056, 50107, 50205, 50430, 50452},
    404: {20404, 50100, 50200, 50350, 50360, 50432, 50500, 50507},
    405: {20004},
    409: {
        *(20009, 20409, 21710, 21712, 21714, 30409, 50201, 50353, 50416, 50425, 50433, 50437),
        *(50438, 50508),
    },
    412: {20412},
    413: {20001},
    429: {20429, 21611, 50063, 50074},
    500: {20500},
}


ELSEWHERE = tuple(f"{core.__name__}.{wing}." for wing in ("verify", "lookup", "sync"))
"""Wings whose codes are held beside their own tests."""


def refusals() -> Iterator[Refusal]:
    for module in pkgutil.walk_packages(core.__path__, core.__name__ + "."):
        if module.name.startswith(ELSEWHERE):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Refusal):
                yield value


def test_codes_by_status() -> None:
    found = defaultdict(set)
    for refusal in refusals():
        found[refusal.status].add(refusal.code)
    assert found == CODES


def test_codes_of_texts_that_fail_later() -> None:
    assert set(LATER) == {
        *(11200, 12300, 21408, 21610, 21617, 21703, 30001, 30002, 30003, 30004, 30005, 30006),
        *(30007, 30008, 30009, 30010, 30011, 30017, 30019, 30022, 30023, 30027, 30032, 30034),
        *(30036, 30039, 30044, 63003, 63013, 63014, 63015, 63016, 63018, 63019, 63021, 63024),
        *(63040, 63041, 63042, 63027, 63028, 63032, 63033, 63049, 63050),
    }


def test_codes_of_texts_that_never_left() -> None:
    assert set(NEVER_LEFT) == {
        *(11200, 12300, 21408, 21610, 21617, 21703, 30001, 30002, 30010, 30011, 30022, 30023),
        *(30027, 30036, 30039, 30044, 63019, 63021),
    }
