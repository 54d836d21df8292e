"""A run of a scenario, live: every party's node a process of its own, reached by its ports alone.

The same people and sensors act as in virtual time, at desks of the nodes' HTTP interfaces; entries
cross between the nodes over their own lines. What is found is worked out from what the nodes told,
by the same code as a replay's. Implements REP-120 to REP-125.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import ComponentId, PartyId, RoleId
from crosstell.core.mechanism.inputs import Act
from crosstell.replay.found.assemble import result_of
from crosstell.replay.given.loading import load
from crosstell.replay.given.runs import runs_of
from crosstell.replay.live.compared import Compared, compare
from crosstell.replay.live.desk import PartyDesk, client_of
from crosstell.replay.live.leader import Leader, Seat, check_playable
from crosstell.replay.live.mirror import Mirror
from crosstell.replay.live.site import Site, make_sites, stop_all
from crosstell.replay.played.trace import Desk, Played
from crosstell.replay.played.world import Given, given_to, play
from crosstell.replay.result import RunResult
from crosstell.replay.spread import beside
from crosstell.shell.clock import Pace, read_steady, write_pace
from crosstell.shell.keys import ONLINE, KeyFolder
from crosstell.shell.store.sqlite import SqliteStore

START_S_MAX = 60.0
LOOK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveResult:
    """What a live run gave: its result, what was done, and the records set against each other.

    `virtual` is the same run in virtual time, for comparison.
    """

    result: RunResult
    virtual: RunResult
    acts: int
    observations: int
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """Nodes that run, with their desks, and the file of their clock."""

    sites: dict[PartyId, Site]
    seats: dict[PartyId, Seat]
    pace: Path


def one_run(folder: Path, name: str) -> Given:
    """The run that `name` names, checked. CallerError unless it is one, and can be played live."""
    loaded = load(folder)
    found = runs_of(loaded.scenario, name)
    if len(found) != 1:
        names = ", ".join(run.name for run in found)
        raise CallerError(f"run {name!r} is several runs; choose one of: {names}")
    given = given_to(loaded, found[0])
    check_playable(given)
    return given


@contextmanager
def exercise(given: Given, folder: Path) -> Iterator[Exercise]:
    """Every party's node runs, its people have come in; at the end all of it is stopped."""
    window = given.run.spec.window
    pace = folder / "pace.json"
    write_pace(pace, Pace(at=window.start, mark=read_steady(), rate=0.0))
    loaded = given.loaded
    sites = make_sites(
        folder,
        loaded.folder / "protocol.yaml",
        speakers_of(given),
        loaded.scenario.watch.duty_role,
        window.start,
    )
    seats: dict[PartyId, Seat] = {}
    try:
        for site in sites.values():
            site.start(pace)
        with ThreadPoolExecutor(max_workers=len(sites)) as together:
            seats.update(zip(sites, together.map(seated, sites.values()), strict=True))
        yield Exercise(sites=sites, seats=seats, pace=pace)
    finally:
        for seat in seats.values():
            seat.desk.close()
        codes = stop_all(sites)
        for seat in seats.values():
            seat.desk.ended()
    for party, code in codes.items():
        if code:
            raise Unavailable(f"the node of {party} ended with {code}; see its messages")


def play_live(
    folder: Path, *, run: str, seed: int, say: Callable[[str], None] = lambda _text: None
) -> LiveResult:
    """The run, as fast as its nodes do it, in a folder that is gone again afterwards."""
    given = one_run(folder, run)
    scratch = Path(tempfile.mkdtemp(prefix="crosstell-live-"))
    try:
        with beside(lambda: result_of(given.loaded, given.run, play(given, seed))) as virtual:
            with exercise(given, scratch) as live:
                say(f"{len(live.sites)} nodes run: {', '.join(sorted(live.sites))}.")
                leader = Leader(given=given, seats=live.seats, pace=live.pace, seed=seed)
                while leader.step():
                    for site in live.sites.values():
                        site.check_running()
            return _found(given, live, leader, scratch, virtual)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def speakers_of(
    given: Given,
) -> dict[PartyId, tuple[tuple[RoleId, ComponentId | None], ...]]:
    """Who speaks for each party in this run, and who is the second person of anything."""
    found: dict[PartyId, set[tuple[RoleId, ComponentId | None]]] = {
        party.id: set() for party in given.loaded.scenario.parties
    }
    for party, inputs in given.inputs.items():
        for timed in inputs:
            if isinstance(timed.input, Act):
                for speaker in (timed.input.by, getattr(timed.input.body, "second", None)):
                    if speaker is not None:
                        found[party].add((speaker.role, speaker.component))
    for act in given.habits.samples(given.loaded.scenario, given.setting):
        found[act.by.party].add((act.by.role, act.by.component))
    return {
        party: tuple(sorted(roles, key=lambda one: (one[0], one[1] or "")))
        for party, roles in found.items()
    }


def seated(site: Site) -> Seat:
    """The node answers, its people are on watch, and its stream is followed from its beginning."""
    _await(site)
    desk = PartyDesk(
        party=site.card.party,
        address=site.address,
        logins=site.logins,
        token=site.token,
    )
    desk.open()
    return Seat(desk=desk, mirror=Mirror(setting=site.setting))


def _await(site: Site) -> None:
    """The node answers. Unavailable, with what it said, if it ends or does not."""
    give_up_s = read_steady() + START_S_MAX
    with client_of(site.address) as client:
        while read_steady() < give_up_s:
            site.check_running()
            try:
                client.get("/api/v1/status")  # refused, as nobody has come in; so it answers
            except httpx.HTTPError:
                time.sleep(LOOK_S)
            else:
                return
    raise Unavailable(f"the node of {site.card.party} did not answer within {START_S_MAX:g} s")


def _found(
    given: Given, live: Exercise, leader: Leader, scratch: Path, virtual: Callable[[], RunResult]
) -> LiveResult:
    """What the nodes told and hold, worked out as of a replay."""
    feeds = {party: site.card.feed for party, site in live.sites.items()}
    roots = frozenset(site.card.root for site in live.sites.values())
    installations = {party: site.installation for party, site in live.sites.items()}
    compared = compare(installations, feeds, roots, scratch / "exports")
    stores = {
        party: SqliteStore.open_read_only(site.installation.store)
        for party, site in live.sites.items()
    }
    try:
        desks = {
            party: Desk(
                store=stores[party],
                signer=KeyFolder(path=site.installation.keys).load(ONLINE),
                root=site.card.root,
                feeds=tuple(sorted(feeds.items())),
            )
            for party, site in live.sites.items()
        }
        states = {party: seat.mirror.state for party, seat in live.seats.items()}
        played = Played(trace=leader.trace, desks=desks, states=states)
        result = result_of(given.loaded, given.run, played)
    finally:
        for store in stores.values():
            store.close()
    return LiveResult(
        result=result,
        virtual=virtual(),
        acts=leader.acts,
        observations=leader.observations,
        compared=compared,
    )
