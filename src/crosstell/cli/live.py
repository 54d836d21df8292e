"""`crosstell live`: one run of a scenario through real nodes, each a process of its own."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.told import JSON, tell
from crosstell.core.errors import CallerError
from crosstell.replay.live.leader import Leader
from crosstell.replay.live.playing import exercise, one_run, play_live
from crosstell.replay.live.report import live_lines, live_value
from crosstell.replay.live.watching import HELP, Watching


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--run", "run", required=True, metavar="NAME", help="Which run of the scenario.")
@click.option("--seed", default=1, show_default=True, help="From which people's delays are drawn.")
@click.option(
    "--watch",
    "rate",
    type=click.FloatRange(0.0, 1_000.0),
    metavar="N",
    help="Leave the nodes running to be followed, at N times the pace of the day.",
)
@JSON
def live(scenario: Path, run: str, seed: int, rate: float | None, *, as_json: bool) -> None:
    """Play a run of SCENARIO through real nodes, by their ports alone, and verify their records.

    Without --watch as fast as the nodes do it: hours without an event take no time.
    """
    with one_message(), _ended_by_a_signal():
        if rate is None:
            found = play_live(scenario, run=run, seed=seed, say=partial(click.echo, err=as_json))
            tell(live_value(found), live_lines(found), as_json=as_json)
        elif as_json:
            raise CallerError("--json tells what a run gave; without --watch, which is to follow")
        else:
            _watch(scenario, run, seed, rate)


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Told to end, the command stops its nodes first, as it does when interrupted. REP-128."""

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # a second one would break off the stopping
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _watch(scenario: Path, run: str, seed: int, rate: float) -> None:
    """The nodes run, their consoles are open, and the leader takes orders."""
    given = one_run(scenario, run)
    scratch = Path(tempfile.mkdtemp(prefix="crosstell-watch-"))
    try:
        parties = ", ".join(sorted(party.id for party in given.loaded.scenario.parties))
        click.echo(f"Making the nodes of {parties}, and starting them: up to a minute.")
        with exercise(given, scratch) as nodes:
            for party, site in nodes.sites.items():
                click.echo(f"{party}: console {site.address}/")
                for login in site.logins:
                    click.echo(f"    account {login.account}, password {login.password}")
            click.echo(f"EXERCISE at {rate:g} times the pace of the day. Orders: {HELP}")
            leader = Leader(given=given, seats=nodes.seats, pace=nodes.pace, seed=seed)
            Watching(leader=leader, live=nodes, rate=rate, say=click.echo).run(_lines())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _lines() -> Iterator[str]:
    """What is typed; at the end of the input, nothing more."""
    yield from sys.stdin
