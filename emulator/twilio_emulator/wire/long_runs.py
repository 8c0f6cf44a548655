"""What goes on for long, as Memory and Knowledge answer for it: 202, and where to ask after it.

The rules of this file:

- URLs are Twilio's own, however a request came: the setup of Twilio Agent Connect takes no other
  host.
"""

from twilio_emulator.core.kernel.long_runs import RETRY_AFTER, LongRun
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.json_operations import given
from twilio_emulator.wire.spelling import iso


class LongRunLook:
    """How the operations of a product are shown.

    Args:
        host: the product's host without region.
        version: the first segment of its paths.
    """

    def __init__(self, host: str, version: str) -> None:
        self._root = f"https://{host}/{version}"

    def status_url(self, it: LongRun) -> str:
        """Where to ask how an operation is going."""
        return f"{self._root}/ControlPlane/Operations/{it.sid}"

    def accepted(self, it: LongRun, _: Call) -> dict[str, object]:
        """What is answered at once."""
        return {"message": it.message, "statusUrl": self.status_url(it)}

    def headers(self, it: LongRun, _: Call) -> tuple[tuple[bytes, bytes], ...]:
        """Where to ask what came of it, and when."""
        return (
            (b"Operation-Id", it.sid.encode()),
            (b"Location", self.status_url(it).encode()),
            (b"Retry-After", b"%d" % RETRY_AFTER),
        )

    def operation(self, it: LongRun, _: Call) -> dict[str, object]:
        """`OperationStatus`."""
        return given(
            {
                "operationId": it.sid,
                "status": it.status,
                "createdAt": iso(it.date_created),
                "statusUrl": self.status_url(it),
                "completedAt": iso(it.date_completed),
                "result": {"type": "RESOURCE_ID", "id": it.result},
                "resultUrl": None if it.place is None else f"{self._root}{it.place}",
            }
        )
