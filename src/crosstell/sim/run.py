"""`python -m crosstell.sim.run FIRST LAST [--verbose]`: the worlds of these seeds.

A world that breaks a rule prints its seed, its faults, what happened last, and the command that
runs it again. Implements SIM-040, SIM-041.
"""

import argparse
import hashlib
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.protocol.document import Protocol
from crosstell.sim.world import World

PROTOCOL = Path("tests/unit/data/test-protocol.yaml")


def run_world(seed: int, protocol: Protocol) -> World:
    """The world of this seed, run to its end; an error carries its report as a note."""
    world = World(seed=seed, protocol=protocol, digest=digest_of(protocol))
    try:
        world.run()
    except Exception as fault:
        fault.add_note(report(world))
        raise
    return world


def report(world: World) -> str:
    """What a person needs who looks at a failing seed."""
    lines = [
        f"seed {world.seed}: {world.options.words()}",
        *world.actions,
        f"again: python -m crosstell.sim.run {world.seed} {world.seed}",
    ]
    return "\n".join(lines)


def digest_of_entries(world: World) -> str:
    """One SHA-256 over every entry on every disk: equal for equal runs."""
    found = hashlib.sha256()
    for _, host in sorted(world.hosts.items()):
        for feed in host.disk.feeds():
            for row in host.disk.entries(feed):
                found.update(row.leaf)
                found.update(row.body or b"")
    return found.hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every world kept the rules; 1 and a report if one did not."""
    parser = argparse.ArgumentParser(prog="python -m crosstell.sim.run", description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int, help="the last seed, included")
    parser.add_argument("--protocol", type=Path, default=PROTOCOL)
    parser.add_argument("--verbose", action="store_true", help="a line for each world")
    asked = parser.parse_args(arguments)
    protocol = read_protocol(asked.protocol)
    failed = 0
    for seed in range(asked.first, asked.last + 1):
        try:
            world = run_world(seed, protocol)
        except Exception:  # noqa: BLE001 - whatever stops a world is what we are looking for
            failed += 1
            sys.stdout.write(traceback.format_exc())
            continue
        if asked.verbose:
            sizes = [size for _, _, size in world.held()]
            sys.stdout.write(f"{seed} {digest_of_entries(world)[:16]} {sizes}\n")
    total = asked.last - asked.first + 1
    sys.stdout.write(f"{total - failed} of {total} worlds kept the rules\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
