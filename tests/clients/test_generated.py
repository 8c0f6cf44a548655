"""From the OpenAPI file alone: openapi-typescript makes the types of a client, which compiles and
drives a phone."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.conftest import CLIENTS
from twilio_emulator import Emulator

COMPILER = {
    "compilerOptions": {
        "target": "es2022",
        "module": "nodenext",
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "skipLibCheck": True,
        "types": ["node"],
    },
    "files": ["drive.ts"],
}


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_generated_client_compiles_and_drives_a_phone(
    node: str, twilio_emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tsconfig.json").write_text(json.dumps(COMPILER))
    shutil.copy(CLIENTS / "generated/drive.ts", tmp_path)
    document = f"{twilio_emulator.url}/_emulator/v1/openapi.json"
    tools = CLIENTS / "node_modules/.bin"
    run(node, str(tools / "openapi-typescript"), document, "-o", "control.d.ts", cwd=tmp_path)
    run(node, str(tools / "tsc"), "--project", ".", cwd=tmp_path)
    said = run(node, "drive.js", twilio_emulator.url, twilio_emulator.account_sid, cwd=tmp_path)
    assert json.loads(said) == {
        "label": "Ann",
        "body": "Hello",
        "same": True,
        "events": True,
        "refused": 404,
    }
