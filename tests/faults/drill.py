"""Two nodes under load while something happens to them; and what must be true when it is over.

Asserted by `Drill.judge`: what was acknowledged is in the record, under the entry that was named;
nothing is recorded twice; every call rings, and nothing rings twice as if it were new; both nodes
hold the same of both feeds; both records verify by the product's own command. How long that took is
a figure.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from crosstell.core.ids import PartyId

from .copyist import Copyist
from .effects import never, rung, unmarked_twice
from .load import Asked, Client
from .proxy import Line
from .record import Row, named, rows, sizes, times_ms
from .site import LAUNCHER, Site, come_about, crosstell, pair

CONVERGE_S_MAX = 300.0
MORE = 3  # acts, or tries, by which it is seen that a load goes on
AHEAD_MS = 60_000  # a peer is followed so far; a clock that was set went an hour
RUNG_S_MAX = 120.0  # a dialler takes one at a time, on a machine that others use too
OLDEST_MS = 50 * 60_000  # no drill lasts so long
SUMMED = (
    *("asked", "again", "acknowledged", "lost", "twice", "refused", "entries"),
    *("kills", "kills_early", "kills_unanswered"),
    *("effects", "effects_again", "effects_twice", "unrung"),
)


@dataclass(slots=True)
class Figures:
    """What one drill came to."""

    asked: int = 0
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    effects: int = 0
    effects_again: int = 0
    effects_twice: int = 0
    unrung: int = 0
    refused: int = 0
    kills: int = 0
    kills_early: int = 0  # beside those: of a node that did not answer yet
    kills_unanswered: int = 0  # of those: while a client waited for that node's answer
    converged_s: float = 0.0
    start_s_max: float = 0.0
    entries: int = 0
    again: int = 0
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        """The figures of one more drill."""
        for name in SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.converged_s = max(self.converged_s, other.converged_s)
        self.start_s_max = max(self.start_s_max, other.start_s_max)
        self.notes += other.notes
        self.faults += other.faults

    def in_short(self) -> str:
        """What one pair of nodes came to, while others are still to come."""
        return (
            f"{self.kills} kills, {self.kills_early} more during a start, "
            f"{self.acknowledged} of {self.asked} acknowledged, "
            f"{self.lost} lost, {self.twice} twice, {self.effects} effects, "
            f"{self.effects_twice} twice, "
            f"{self.unrung} not rung, the same within {self.converged_s:.1f} s, "
            f"faults: {len(self.faults)}"
        )

    def told(self) -> Iterator[str]:
        """The figures in lines."""
        yield f"asked                {self.asked}"
        yield f"asked again          {self.again}"
        yield f"acknowledged         {self.acknowledged}"
        yield f"lost                 {self.lost}"
        yield f"recorded twice       {self.twice}"
        yield f"effects              {self.effects}"
        yield f"said to be again     {self.effects_again}"
        yield f"effects twice        {self.effects_twice}"
        yield f"calls that rang not  {self.unrung}"
        yield f"refused              {self.refused}"
        yield f"kills                {self.kills}"
        yield f"with an answer due   {self.kills_unanswered}"
        yield f"and during a start   {self.kills_early}"
        yield f"entries held         {self.entries}"
        yield f"longest start        {self.start_s_max:.2f} s"
        yield f"both the same within {self.converged_s:.2f} s"
        yield from self.notes
        yield from (f"FAULT: {fault}" for fault in self.faults[:20])


@dataclass(slots=True)
class Drill:
    """Two sites, the two lines between them, and a client of each."""

    folder: Path
    seed: int
    sites: tuple[Site, Site]
    clients: tuple[Client, Client]
    lines: tuple[Line, ...] = ()  # lines[i] leads to sites[i], where they are not on a cable
    copyists: tuple[Copyist, ...] = ()
    outside: Callable[[Path], str] | None = None  # somebody else's tool that verifies an export
    figures: Figures = field(default_factory=Figures)
    rng: random.Random = field(init=False)
    _counting: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed}:drill")

    def load(self) -> None:
        """Both nodes have load."""
        for client in self.clients:
            client.begin()

    def goes_on(self) -> None:
        """Both nodes have recorded some more of their load."""
        wanted = [client.recorded + MORE for client in self.clients]
        come_about(
            lambda: all(
                client.recorded >= least for client, least in zip(self.clients, wanted, strict=True)
            ),
            "the load goes on at both nodes",
        )

    def rest(self) -> None:
        """Whatever was asked is answered."""
        for client in self.clients:
            client.end()

    def kill(self, site: Site, *, early_s: float = 0.0) -> None:
        """The node is killed and started again at once.

        With `early_s` it is killed once more so long after that start, if it does not answer yet.
        """
        waited = self.clients[self.sites.index(site)].waits
        site.kill()
        with self._counting:
            self.figures.kills += 1
            self.figures.kills_unanswered += waited
        site.start()
        if early_s:
            if site.ready(early_s):
                return
            site.kill()
            with self._counting:
                self.figures.kills_early += 1
            site.start()
        site.ready()

    def stop(self, site: Site) -> None:
        """The node is asked to stop, does so in order, and is started again."""
        code = site.stop()
        if code != 0:
            self.figures.faults.append(f"{site.party} stopped with {code}: {site.said()[-500:]}")
        site.start()
        site.ready()

    def judge(self, *, of: tuple[int, ...] = (0, 1)) -> Figures:
        """The figures, after the load has ended. Both nodes are stopped.

        `of`: whose record is judged; of one alone, the two need not be the same.
        """
        if len(of) == len(self.sites):
            self.figures.converged_s = self.converged()
            self._all_rang()
        for site in self.sites:
            code = site.stop()
            if code != 0:
                self.figures.faults.append(f"{site.party} ended with {code}: {site.said()[-500:]}")
            self.figures.start_s_max = max(self.figures.start_s_max, *site.start_s)
        for number in of:
            held = rows(self.sites[number].store)
            self._count(self.clients[number], held)
            self._times(self.sites[number], held)
            self._effects(self.sites[number])
            self.figures.entries += len(held)
        with ThreadPoolExecutor(2) as both:
            list(both.map(self._verify, [self.sites[number] for number in of]))
        return self.figures

    def converged(self) -> float:
        """Seconds until both hold the same of both feeds, and nothing more is said."""
        begun_s = time.monotonic()  # noqa: TID251 - how long it takes is the question
        feeds = [site.feed for site in self.sites]
        last: tuple[dict[str, int], dict[str, int]] | None = None
        same_s = begun_s
        while True:
            now_s = time.monotonic()  # noqa: TID251
            here, there = (sizes(site.store) for site in self.sites)
            same = all(here.get(one) == there.get(one) for one in feeds)
            if (here, there) != last or not same:
                last, same_s = (here, there), now_s
            elif now_s - same_s > 2.0:  # nothing has changed for two beats of the line
                return same_s - begun_s
            assert now_s - begun_s < CONVERGE_S_MAX, (
                f"not the same after {CONVERGE_S_MAX} s: {here}, {there}; "
                f"{self.sites[0].said()[-800:]} {self.sites[1].said()[-800:]}"
            )
            time.sleep(0.05)

    def _count(self, client: Client, held: list[Row]) -> None:
        """What one client was told, against what is in the record of its node."""
        figures, ledger = self.figures, client.ledger
        entries = {(row.feed, row.seq): row.hash for row in held}
        found = named(held)
        for asked in (*ledger.acts, *ledger.tracks):
            figures.asked += 1
            figures.again += asked.tries - 1
            if asked.refused is not None:
                figures.refused += 1
                self.figures.faults.append(f"{asked.name} refused: {asked.refused}")
            if found[asked.name] > 1:
                figures.twice += 1
                self.figures.faults.append(f"{asked.name} is recorded {found[asked.name]} times")
            self._one(asked, found[asked.name], entries)
        figures.faults += ledger.faults

    def _all_rang(self) -> None:
        """Every call that was acknowledged here rang there, within a while."""
        pairs = zip(self.clients, reversed(self.sites), strict=True)
        for client, there in pairs:
            with suppress(AssertionError):
                come_about(
                    lambda: not never(rung(there.bell), client.calls),  # noqa: B023 - now
                    "every call rang",
                    RUNG_S_MAX,
                )
            silent = never(rung(there.bell), client.calls)
            self.figures.unrung += len(silent)
            self.figures.faults += [f"{there.party} was not rung about {one}" for one in silent]

    def _effects(self, site: Site) -> None:
        """What rang at the site, and what rang twice as if it were new."""
        messages = rung(site.bell)
        self.figures.effects += len(messages)
        self.figures.effects_again += sum(one.get("again") is True for one in messages)
        for step, times in unmarked_twice(messages):
            self.figures.effects_twice += times - 1
            self.figures.faults.append(f"{site.party}: {step} was rung {times} times as if new")

    def _times(self, site: Site, held: list[Row]) -> None:
        """What it signed has times that rise, and are those of this drill."""
        times = times_ms(held, site.feed)
        now_ms = time.time() * 1_000  # noqa: TID251 - no clock of the product is asked
        if times != sorted(set(times)):
            self.figures.faults.append(f"{site.party} signed times that do not rise")
        if not now_ms - OLDEST_MS < times[0][0] <= times[-1][0] < now_ms + AHEAD_MS:
            self.figures.faults.append(f"{site.party} signed {times[0]} to {times[-1]}")

    def _one(self, asked: Asked, times: int, entries: dict[tuple[str, int], str]) -> None:
        if asked.entry is None and not asked.taken:
            return
        self.figures.acknowledged += 1
        if times == 0:
            self.figures.lost += 1
            self.figures.faults.append(f"{asked.name} was acknowledged and is not in the record")
        if asked.entry is not None and entries.get(asked.entry[:2]) != asked.entry[2]:
            self.figures.lost += 1
            self.figures.faults.append(f"{asked.name}: {asked.entry} is not the entry held there")

    def _verify(self, site: Site) -> None:
        """The whole record, as an outsider would."""
        out = self.folder / f"export-{site.party}"
        try:
            crosstell(
                *("record", "export", "--store", site.store, "--keys", site.folder / "keys"),
                *("--out", out),
            )
            crosstell("record", "verify", out)
            if self.outside is not None:
                self.figures.notes.append(f"{site.party}: {self.outside(out)}")
        except AssertionError as fault:
            self.figures.faults.append(str(fault))
        finally:
            shutil.rmtree(out, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Options:
    """How the nodes are started, and whether somebody repeats what the lines carry."""

    launcher: tuple[str, ...] = LAUNCHER
    repeats: bool = False


@contextmanager
def drill(folder: Path, seed: int, options: Options | None = None) -> Iterator[Drill]:
    """Two nodes that run and know each other; whatever happens, no process is left."""
    options = options or Options()
    sites = (
        Site(folder=folder / "us", party=PartyId("us"), launcher=options.launcher),
        Site(folder=folder / "tr", party=PartyId("tr"), launcher=options.launcher),
    )
    lines = (Line(to=sites[0].line_port, seed=seed), Line(to=sites[1].line_port, seed=seed + 1))
    copyists: tuple[Copyist, ...] = ()
    with ExitStack() as ending:
        for line in lines:
            ending.callback(line.end)
        pair((lines[0].port, lines[1].port), sites)
        if options.repeats:
            copyists = (Copyist(sites[1], sites[0], seed), Copyist(sites[0], sites[1], seed + 1))
            for copyist, line in zip(copyists, lines, strict=True):
                copyist.start()
                ending.callback(copyist.end)
                line.to = copyist.port
        clients = begun(ending, sites, seed)
        yield Drill(
            folder=folder,
            seed=seed,
            sites=sites,
            clients=clients,
            lines=lines,
            copyists=copyists,
        )


def begun(ending: ExitStack, sites: tuple[Site, Site], seed: int) -> tuple[Client, Client]:
    """Both nodes run, and a client has come in at each; `ending` leaves nothing of it."""
    for site in sites:
        ending.callback(site.end)
        site.start()
    for site in sites:
        site.ready()
    clients = (Client(sites[0], seed), Client(sites[1], seed))
    for client in clients:
        ending.callback(client.close)
        client.come_in()
    return clients
