"""A split node over random acts: on the exchange side there is nothing that was not released."""

import base64
import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, SEA, World, area, call, post, received, roz
from sampling import seeds
from split_world import Split, opened

from crosstell.codecs.parcels import frame as frames
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import NoticeId, PartyId
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.record.entry import parse
from crosstell.shell.store.contract import StoredEntry


def notice(random: Random, name: str, *to: PartyId) -> NoticeFiled:
    """A zone somewhere of its own."""
    centre = Position(
        lat_deg=round(SEA.lat_deg + random.uniform(-1, 1), 6),
        lon_deg=round(SEA.lon_deg + random.uniform(-1, 1), 6),
    )
    filed = roz(name, *to)
    volume = replace(area(), footprint=Circle(centre=centre, radius_m=5_000.0))
    return replace(filed, content=replace(filed.content, volume=volume))  # type: ignore[arg-type]


def acts(split: Split, random: Random, count: int) -> None:
    """Releases, things kept at home, observations, calls both ways, in a random order."""
    world = split.world
    for number in range(count):
        name = f"x{random.getrandbits(48):012x}"
        choice = random.randrange(7)
        if choice == 0:
            world.act(ALPHA, notice(random, name, BRAVO))
        elif choice == 1:
            world.act(ALPHA, notice(random, name, CHARLIE))
        elif choice == 2:
            world.act(ALPHA, notice(random, name))
        elif choice == 3:
            world.act(ALPHA, post(ALPHA, name))
        elif choice == 4:
            world.sees(ALPHA, random.uniform(0, 20_000), track=name)
        elif choice == 5:
            world.act(ALPHA, call(name, random.choice((BRAVO, CHARLIE))))
        else:
            world.act(BRAVO, call(f"b-{number}", ALPHA))
            split.beats(2)
            world.act(ALPHA, received(f"b-{number}", BRAVO))
        split.beats(random.randrange(3))
    split.beats(6)


def rows(split: Split, journal: bool) -> list[StoredEntry]:
    alpha = split.world.parties[ALPHA]
    feed = alpha.setting.journal if journal else alpha.setting.feed
    return list(alpha.store.entries(feed))


def marks(body: bytes) -> set[bytes]:
    """What would give a body away: the ids of this test, and positions."""
    named = re.findall(rb"x[0-9a-f]{12}", body)
    return {*named, *re.findall(rb'"(?:lat|lon)_e7":-?(\d{7,10})', body)}


def secrets(split: Split, to: PartyId | None) -> list[bytes]:
    """What may not reach that party (None: the exchange side at all): bodies, salts, marks."""
    allowed: set[bytes] = set()
    hidden: list[StoredEntry] = []
    feeds = dict(split.world.parties[ALPHA].setting.feeds)
    for row in [*rows(split, journal=False), *rows(split, journal=True)]:
        header = parse(row.leaf).header
        named = set(header.to) - {feeds[ALPHA]}
        home = row.feed == split.world.parties[ALPHA].setting.journal
        reaches = not home and (not header.to or (feeds[to] in named if to else bool(named)))
        if reaches:
            allowed |= marks(row.body or b"")
        else:
            hidden.append(row)
    found = [split.world.parties[ALPHA].setting.journal.encode()]
    for row in hidden:
        found += [row.salt or b"-", row.body or b"-", *(marks(row.body or b"") - allowed)]
        if row.feed != feeds[ALPHA]:
            found.append(row.leaf)
    return found


def found_in(corpus: bytes, needles: list[bytes]) -> list[bytes]:
    """Those that are there: as they are, in hex, in base64 at any of its three offsets."""
    hits = []
    for needle in needles:
        forms = [needle, needle.hex().encode()]
        for offset in range(3 if len(needle) >= 12 else 0):
            coded = base64.b64encode(b"\0" * offset + needle)
            forms.append(coded[(4 if offset else 0) : -4])
        hits += [needle for form in forms if form in corpus][:1]
    return hits


@pytest.mark.parametrize("seed", seeds(2, few=1))
def test_nothing_but_what_was_released_is_on_the_exchange_side(seed: int, tmp_path: Path) -> None:
    """SPLIT-030: every byte of its disk and of its wire, over random acts."""
    random = Random(f"split {seed}")
    split = Split(folder=tmp_path, world=World(names=(ALPHA, BRAVO, CHARLIE), seed="three"))
    acts(split, random, 30)
    disk = dict.fromkeys(data.rstrip(b"\0") for data in split.disk)
    held = dict.fromkeys(p for data in disk for _, p in frames.decode(data).parcels)
    bodies = dict.fromkeys([*held, *(body for _, body in split.wire)])
    everything = b"\n".join([*disk, *(opened(body) for body in bodies)])
    unreleased = secrets(split, None)
    assert len(unreleased) > 50
    assert found_in(everything, unreleased) == []
    for party in (BRAVO, CHARLIE):
        sent = b"\n".join(opened(body) for to, body in split.wire if to == party)
        assert found_in(sent, secrets(split, party)) == []
    at_home = b"\n".join(
        (row.leaf + row.feed.encode() + (row.salt or b"") + (row.body or b""))
        for row in [*rows(split, journal=False), *rows(split, journal=True)]
    )
    assert len(found_in(at_home, unreleased)) == len(unreleased), "the search finds what is there"
    assert split.picture.seen.held == 0
    assert split.courier.told.texts() == ()
    ours = split.world.state(ALPHA)
    for party in (BRAVO, CHARLIE):
        there = split.world.state(party).feeds[ALPHA]
        assert there.size == ours.own.size
        assert set(there.notices) == {
            name for name, held_ in ours.own.notices.items()
            if party in held_.latest.event.releasable_to
        }  # fmt: skip


def test_what_is_done_at_home_changes_neither_number_nor_size_of_frames(tmp_path: Path) -> None:
    """SPLIT-031: the same released acts with and without a busy watch at home."""
    sizes = []
    for busy in (False, True):
        folder = tmp_path / str(busy)
        folder.mkdir()
        split = Split(folder=folder)
        for number in range(12):
            if busy:
                split.world.sees(ALPHA, 4_000.0 - number, track=f"t{number % 3}")
                split.world.act(ALPHA, roz(f"home-{number}"))
                split.world.now = split.world.now.replace(microsecond=0)
            else:
                split.world.wait(1.0)
            if number % 4 == 0:
                split.world.act(ALPHA, roz(f"roz-{number}", BRAVO))
            split.beats(2)
        sizes.append(split.sizes)
        assert NoticeId("roz-8") in split.world.state(BRAVO).feeds[ALPHA].notices
    assert sizes[0] == sizes[1]
    assert all(size > 0 for beat in sizes[0] for size in beat)
