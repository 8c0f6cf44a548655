"""The codes that apps compare, and the statuses that HTTP clients raise on, each as Twilio's."""

from collections import defaultdict

from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.verify import errors

CODES = {
    400: {
        *(20001, 60200, 60201, 60206, 60207, 60208, 60209, 60210, 60211, 60213, 60214, 60217),
        *(60221, 60223, 60224, 60227, 60248, 60329, 60331, 60408, 60411, 60550, 60602, 68008),
    },
    403: {60204, 60205, 60238, 60410, 60412, 60605},
    404: {20404, 60228, 60229},
    429: {20429, 60202, 60203},
}


def test_codes_by_status() -> None:
    found = defaultdict(set)
    for value in vars(errors).values():
        if isinstance(value, Refusal):
            found[value.status].add(value.code)
    assert found == CODES
