"""The record of one run, as each party's node exports it, for whoever wants to verify it."""

import secrets
import shutil
from pathlib import Path

from crosstell.core.errors import CallerError
from crosstell.replay.given.loading import load
from crosstell.replay.given.runs import runs_of
from crosstell.replay.played.trace import Played
from crosstell.replay.played.world import given_to, play
from crosstell.shell.archive.export import Bodies, Choice, export


def export_run(folder: Path, *, run: str, seed: int, out: Path) -> tuple[Path, ...]:
    """One export per party in a new folder `out`, of the run `run` of the scenario in `folder`.

    Each holds all that the party's node holds. They are whole or not there at all; CallerError
    for a fault of the scenario, a name of several runs, or a folder that cannot be written.
    Implements REP-055.
    """
    if out.exists() or not out.parent.is_dir():
        raise CallerError(f"{out}: name a new folder, inside one that exists")
    loaded = load(folder)
    found = runs_of(loaded.scenario, run)
    if len(found) != 1:
        names = ", ".join(one.name for one in found)
        raise CallerError(f"run {run!r} is several runs; choose one of: {names}")
    return export_played(play(given_to(loaded, found[0]), seed), out)


def export_played(played: Played, out: Path) -> tuple[Path, ...]:
    """One export per party in a new folder `out`, of a run that was played: all or none of them."""
    part = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    try:
        part.mkdir()
        for party, desk in sorted(played.desks.items()):
            export(desk.store, part / party, Choice(bodies=Bodies.HELD), desk.signer)
        part.rename(out)
    except OSError as error:
        raise CallerError(
            f"{out}: cannot be written ({error.strerror}); nothing was left there"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return tuple(out / party for party in sorted(played.desks))
