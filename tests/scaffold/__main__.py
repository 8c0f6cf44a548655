"""`make product NAME=...`: begins a product, or says in one line why not."""

import sys
from pathlib import Path

from tests.scaffold.product import Unsuitable, plan, write

ROOT = Path(__file__).parents[2]


def main(name: str) -> int:
    """Write the product, and say what was written; 1 when nothing was."""
    try:
        planned = plan(ROOT, name)
    except Unsuitable as why:
        sys.stderr.write(f"make product: {why}\n")
        return 1
    write(planned)
    for path in planned.written:
        sys.stdout.write(f"written  {path.relative_to(ROOT)}\n")
    for path in planned.changed:
        sys.stdout.write(f"changed  {path.relative_to(ROOT)}\n")
    sys.stdout.write('Now its first operation: "Add an operation" in CONTRIBUTING.md.\n')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
