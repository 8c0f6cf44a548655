"""Runs the clients of every language, prints a line for each, and writes docs/languages.md."""

import sys

from tests.languages import table


def main() -> int:
    """The exit status: 1 if one of those that could run failed."""
    wanted = sys.argv[1:]
    failed = False
    for client in table.CLIENTS:
        if wanted and client.runtime not in wanted:
            continue
        outcome = table.run(client)
        failed |= outcome.what == "failed"
        line = f"{outcome.what:<7} {client.language}: {client.name}  {outcome.words}"
        sys.stdout.write(f"{line.rstrip()}\n")
        sys.stdout.flush()
    table.PAGE.write_text(table.written(table.PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return int(failed)


sys.exit(main())
