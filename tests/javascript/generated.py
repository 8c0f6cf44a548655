"""Makes the types of the JavaScript client of the OpenAPI file: `make docs` does it."""

import shutil
import subprocess
from pathlib import Path

from twilio_emulator import Emulator

CLIENT = Path(__file__).parents[2] / "clients/javascript"
TYPES = CLIENT / "src/control-api.ts"


def generate(url: str, types: Path) -> None:
    """Write the types of what an emulator's control API takes and answers.

    Args:
        url: the emulator's.
        types: the file.
    """
    node = shutil.which("node") or "node"
    tool = CLIENT / "node_modules/openapi-typescript/bin/cli.js"
    document = f"{url}/_emulator/v1/openapi.json"
    command = [node, str(tool), document, "-o", str(types)]
    subprocess.run(command, cwd=CLIENT, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    with Emulator() as emulator:
        generate(emulator.url, TYPES)
