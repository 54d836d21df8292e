"""What a live node does in a second: `python benchmarks/live_node.py [TRACKS NOTICES HISTORY]`.

A real node over a SQLite file, synchronised as in production, under the scenario's protocol with a
separation rule added. The scene is an assumption: a sea area of some 3,000 km square, ships,
drones, helicopters and aircraft, every notice in force all day; a tenth of the tracks are ours, and
about a tenth stand in an alert, which is more than any watch could carry.
Without arguments: 1,000 tracks with 1,000 notices, then 10,000 with 10,000; each given batches of
1,000 observations of the same 1,000 tracks a second apart, then one observation at a time.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

from goals import at_most  # noqa: E402 - paths first

from crosstell.codecs.protocol_file import digest_of, read_protocol  # noqa: E402 - paths first
from crosstell.core.altitude import Altitude, Datum, Unbounded  # noqa: E402
from crosstell.core.geometry.footprint import Circle, Corridor  # noqa: E402
from crosstell.core.geometry.geodesic import destination  # noqa: E402
from crosstell.core.geometry.motion import Motion, Velocity  # noqa: E402
from crosstell.core.geometry.position import Position  # noqa: E402
from crosstell.core.geometry.volume import Volume  # noqa: E402
from crosstell.core.ids import NoticeId, PartyId, RoleId, RuleId, TrackId  # noqa: E402
from crosstell.core.instant import Window  # noqa: E402
from crosstell.core.line.message import Reality  # noqa: E402
from crosstell.core.mechanism.effects import ShowAlert  # noqa: E402
from crosstell.core.mechanism.inputs import Act, Observed  # noqa: E402
from crosstell.core.mechanism.outgoing import Outgoing  # noqa: E402
from crosstell.core.mechanism.release import HOME  # noqa: E402
from crosstell.core.picture.content import (  # noqa: E402
    Activity,
    ActivityKind,
    Content,
    FieldType,
    OwnForceLocation,
    Zone,
)
from crosstell.core.picture.notice import NoticeFiled  # noqa: E402
from crosstell.core.picture.ownership import (  # noqa: E402
    OwnershipAnswer,
    OwnershipStated,
    OwnTrack,
)
from crosstell.core.picture.party import Scope, Speaker  # noqa: E402
from crosstell.core.picture.track import Observation  # noqa: E402
from crosstell.core.protocol.document import Protocol  # noqa: E402
from crosstell.core.protocol.rule import Certainty, Minima, Separation  # noqa: E402
from crosstell.core.state.events import Event  # noqa: E402
from crosstell.core.state.setting import Setting  # noqa: E402
from crosstell.shell.node import Outcome  # noqa: E402
from crosstell.shell.store.contract import Batch  # noqa: E402
from crosstell.shell.store.sqlite import SqliteStore  # noqa: E402
from crosstell.shell.writer import Writer  # noqa: E402
from crosstell.sim.party import Party, feed_name, introduce  # noqa: E402

US, TR = PartyId("us"), PartyId("tr")
START = datetime(2023, 10, 5, tzinfo=UTC)
DAY = Window(start=START - timedelta(hours=1), end=START + timedelta(hours=24))
BATCH = 1_000
BATCHES = 8
SINGLES = 50
SPEEDS_MPS = (3.0, 8.0, 15.0, 35.0, 70.0, 230.0)
FILER = Speaker(party=US, role=RoleId("duty-officer"), watch="1")
SECOND = Speaker(party=US, role=RoleId("watch-chief"), watch="1")


def protocol() -> Protocol:
    """The scenario's, and a separation between tracks."""
    found = read_protocol(ROOT / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml")
    apart = Separation(
        id=RuleId("apart"),
        text="Objects of different parties stay apart.",
        source="an assumption of this measurement",
        certainty=Certainty.ASSUMED,
        minima=Minima(lateral_m=2_000.0, vertical_m=300.0),
    )
    return replace(found, rules=(*found.rules, apart))


class Took(NamedTuple):
    """Milliseconds on the clock, and of the processor: other work may run beside."""

    clock_ms: float
    cpu_ms: float

    @classmethod
    def middle(cls, all_of: list["Took"]) -> "Took":
        """The median of each."""
        return cls(median(one.clock_ms for one in all_of), median(one.cpu_ms for one in all_of))

    def __str__(self) -> str:
        """Both."""
        return f"{self.clock_ms:.1f} ms ({self.cpu_ms:.1f} ms of the processor)"


class Traffic:
    """Objects that keep their course."""

    def __init__(self, count: int, draw: random.Random) -> None:
        """So many, anywhere in the area."""
        self.first = [place(draw) for _ in range(count)]
        self.ways = [(draw.uniform(0.0, 360.0), draw.choice(SPEEDS_MPS)) for _ in range(count)]
        self.heights_m = [draw.uniform(0.0, 9_000.0) for _ in range(count)]

    def seen(self, number: int, at: datetime) -> Observation:
        """The object's observation at `at`."""
        track_deg, speed_mps = self.ways[number]
        travel_m = speed_mps * (at - START).total_seconds()
        motion = Motion(
            position=destination(self.first[number], track_deg=track_deg, travel_m=travel_m),
            at=at,
            altitude=Altitude(value_m=self.heights_m[number], datum=Datum.MSL_EGM96),
            velocity=Velocity(track_deg=track_deg, speed_mps=speed_mps, climb_mps=0.0),
            position_accuracy_m=50.0,
            altitude_accuracy_m=50.0,
        )
        name = TrackId(f"t-{number:05}")
        return Observation(track=name, source="radar-1", motion=motion, received_at=at)


def place(draw: random.Random) -> Position:
    """Somewhere in the area."""
    return Position(lat_deg=draw.uniform(-50.0, -23.0), lon_deg=draw.uniform(-40.0, -7.0))


def notice(number: int, draw: random.Random) -> NoticeFiled:
    """A zone, a place of forces, or four flights, in turn, anywhere."""
    centre, radius_m = place(draw), draw.uniform(500.0, 5_000.0)
    circle = Circle(centre=centre, radius_m=radius_m)
    volume = Volume(footprint=circle, lower=Unbounded(), upper=Unbounded(), window=DAY)
    content: Content
    if number % 6 == 0:
        content = Zone(
            field_type=FieldType.ROZ, declaring_authority="us", volume=volume, duty="keep out"
        )
    elif number % 6 == 1:
        content = OwnForceLocation(
            volume=replace(volume, footprint=replace(circle, radius_m=300.0))
        )
    else:
        end = destination(centre, track_deg=draw.uniform(0.0, 360.0), travel_m=60_000.0)
        way = Corridor(points=(centre, end), half_width_m=2_000.0)
        content = Activity(
            kind=ActivityKind.CREWED_FLIGHT, volumes=(replace(volume, footprint=way),)
        )
    second = SECOND if isinstance(content, OwnForceLocation) else None
    return NoticeFiled(
        notice=NoticeId(f"n-{number:05}"),
        version=1,
        content=content,
        marking="EXERCISE",
        releasable_to=(),
        second=second,
    )


def held(events: Iterable[tuple[Event, Speaker | None]], party: Party) -> int:
    """The events are in the party's journal, and its node starts from there; how many."""
    setting, log = party.setting, party.node._rebuilt.journal
    writer = Writer(
        signer=party.keys().online,
        feeds=dict(setting.feeds),
        own=setting.feed,
        draw=party.draw,
    )
    at = START - timedelta(minutes=5)
    rows = [
        writer.seal(Outgoing(body=event, to=HOME, by=by), log, (), at).row for event, by in events
    ]
    party.store.commit(Batch(entries=tuple(rows)))
    party.start()
    return len(rows)


def scene(traffic: Traffic, notices: int, history: int) -> Iterable[tuple[Event, Speaker | None]]:
    """What is held before the clock starts: ownership, notices, and the tracks' histories."""
    draw = random.Random("notices")
    for number in range(0, len(traffic.first), 10):
        ours = OwnTrack(track=TrackId(f"t-{number:05}"))
        body = OwnershipStated(subject=ours, answer=OwnershipAnswer.OURS, scope=Scope())
        yield body, FILER
    for number in range(notices):
        yield notice(number, draw), FILER
    for number in range(len(traffic.first)):
        for back in range(history if number < BATCH else 1, 0, -1):
            yield traffic.seen(number, START - timedelta(seconds=back)), None


def founded(folder: Path) -> Party:
    """Our party over a file in `folder`; the other over one beside it."""
    return founded_pair(folder)[US]


def reopened(folder: Path) -> Party:
    """Our party over the file that is in `folder`; its node is not started yet."""
    with tempfile.TemporaryDirectory() as elsewhere:
        party = founded(Path(elsewhere))
        party.store.close()
    party.store = SqliteStore.open(folder / f"{US}.sqlite")
    return party


def founded_pair(folder: Path) -> dict[PartyId, Party]:
    """Both parties, each over a file in `folder`."""
    document = protocol()
    feeds = tuple((name, feed_name("live", name, "feed")) for name in (US, TR))
    parties = {}
    for name in (US, TR):
        setting = Setting(
            party=name,
            feeds=feeds,
            journal=feed_name("live", name, "journal"),
            protocol=document,
            digest=digest_of(document),
            ring_limit=RoleId("watch-chief"),
            test_role=RoleId("duty-officer"),
            reality=Reality.EXERCISE,
        )
        store = SqliteStore.open(folder / f"{name}.sqlite")
        parties[name] = Party(setting=setting, seed="live", store=store)
    introduce(parties, START - timedelta(minutes=10))
    return parties


def timed(party: Party, given: Act | Observed, at: datetime) -> tuple[Took, Outcome]:
    """How long until all is decided, durable and told, and when to wake is known."""
    began, spent = time.perf_counter(), time.process_time()
    outcome = party.node.handle(given, at)
    party.node.next_wake(at)
    took_ms = (time.perf_counter() - began) * 1e3
    assert (outcome.fault, outcome.no) == (None, None), outcome
    return Took(took_ms, (time.process_time() - spent) * 1e3), outcome


def measure(tracks: int, notices: int, history: int) -> None:
    """Print what batches and single observations take."""
    traffic = Traffic(tracks, random.Random("traffic"))
    with tempfile.TemporaryDirectory() as folder:
        party = founded(Path(folder))
        filled = held(scene(traffic, notices, history), party)
        print(f"{tracks} tracks and {notices} notices held, {filled} entries before")
        took, entries = [], 0
        for second in range(BATCHES):
            at = START + timedelta(seconds=second)
            batch = tuple(traffic.seen(number, at) for number in range(min(BATCH, tracks)))
            spent, outcome = timed(party, Observed(observations=batch), at)
            took.append(spent)
            entries += len(outcome.recorded)
            shown = sum(isinstance(one, ShowAlert) for one in outcome.effects)
            print(
                f"  batch of {len(batch)}: {spent}, {len(outcome.recorded)} entries, "
                f"{shown} alerts shown"
            )
        middle, worst_ms = Took.middle(took), max(one.clock_ms for one in took)
        total_s = sum(one.clock_ms for one in took) / 1e3
        print(
            f"  median {middle}, worst {worst_ms:.0f} ms; {entries / total_s:.0f} entries/s; "
            "an alert is told when its batch is"
        )
        if (tracks, notices) == (10_000, 10_000):
            what = "1,000 observations against 10,000 tracks and 10,000 notices, processor"
            at_most(what, middle.cpu_ms, 1_000, "ms")
        singles = []
        for one in range(SINGLES):
            at = START + timedelta(seconds=BATCHES + 0.01 * one)
            given = Observed(observations=(traffic.seen(one * 7 % tracks, at),))
            singles.append(timed(party, given, at)[0])
        worst_ms = max(one.clock_ms for one in singles)
        print(f"  one observation: median {Took.middle(singles)}, worst {worst_ms:.0f} ms")
        filed = notice(notices, random.Random("filed"))
        spent, outcome = timed(party, Act(by=FILER, body=filed), START + timedelta(seconds=30))
        print(f"  a notice filed, and all tracks tested: {spent}, {len(outcome.recorded)} entries")
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory of the process so far: {peak_mb:.0f} MB")


def main() -> None:
    """One size as asked, or both."""
    asked = tuple(map(int, sys.argv[1:4]))
    sizes = [asked] if asked else [(1_000, 1_000, 24), (10_000, 10_000, 24)]
    for tracks, notices, history in sizes:
        measure(tracks, notices, history)


if __name__ == "__main__":
    main()
