"""Percentile, call-by, matching and episodes against plain second definitions."""

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.ids import EntryRef, EpisodeId, FeedId, PartyId, RoleId, TrackId
from crosstell.core.line.chain import (
    Basis,
    CallByStanding,
    StepFigure,
    call_by,
    measure,
    percentile_90,
    view,
)
from crosstell.core.line.content import AboutCall, AboutTrack, Telephone
from crosstell.core.line.health import (
    SAMPLES_MAX,
    ChainStep,
    Line,
    LineKey,
    LineSample,
    Occasion,
    advance,
)
from crosstell.core.line.message import CallKind, Reality
from crosstell.core.line.watch.episode import Item, episodes
from crosstell.core.line.watch.matching import MatchStanding, PartyLogs, match_voice_logs
from crosstell.core.line.watch.voice import (
    Direction,
    VoiceAccount,
    VoiceLog,
    VoiceLogged,
    VoiceLogId,
)
from crosstell.core.line.watch.voice import advance as advance_voice
from crosstell.core.picture.party import Speaker
from crosstell.core.table import Stamp

START = datetime(2023, 10, 5, 4, 30, tzinfo=UTC)
KEY = LineKey(party=PartyId("green"), role=RoleId("duty-officer"))
BLUE, GREEN = PartyId("blue"), PartyId("green")


def at(after_s: float) -> datetime:
    return START + timedelta(seconds=after_s)


def ref(number: int) -> EntryRef:
    return EntryRef(feed=FeedId("f"), seq=number, hash=f"{number:064x}")


def stamp(number: int = 0) -> Stamp:
    by = Speaker(party=BLUE, role=RoleId("duty-officer"), watch="1")
    return Stamp(ref=ref(number), at=START, by=by)


def plain_percentile_90(values: list[float]) -> float:
    """The smallest value that at least nine tenths of all values do not exceed."""
    return min(v for v in values if 10 * sum(w <= v for w in values) >= 9 * len(values))


@given(st.lists(st.integers(0, 50).map(float), min_size=1, max_size=40))
@example([1.0])
@example([float(n) for n in range(1, 21)])
def test_line_111_the_percentile_is_the_plain_one(values: list[float]) -> None:
    assert percentile_90(tuple(values)) == plain_percentile_90(values)


def line_of(answers: list[int | None]) -> Line | None:
    held: Line | None = None
    for number, took in enumerate(answers):
        placed_at = at(1_000.0 * number)
        answered_at = None if took is None else placed_at + timedelta(seconds=took)
        sample = LineSample(
            line=KEY, occasion=Occasion.TEST, placed_at=placed_at, answered_at=answered_at
        )
        new = advance(held, sample, stamp())
        assert isinstance(new, Line)
        held = new
    return held


@given(
    answers=st.lists(st.one_of(st.none(), st.integers(0, 200)), max_size=30),
    figure_s=st.integers(1, 150),
    left_s=st.integers(-2_000, 2_000),
    cap_s=st.integers(1, 3_000),
)
def test_line_110_112_113_114_115_the_chain_is_the_plain_one(
    answers: list[int | None], figure_s: int, left_s: int, cap_s: int
) -> None:
    figures = tuple(StepFigure(step=step, figure_s=float(figure_s)) for step in ChainStep)
    chain = measure(line_of(answers), figures, cap_s=float(cap_s))
    part = chain.parts[0]
    last = answers[-SAMPLES_MAX:]
    if len(last) < 5:
        assert (part.took_s, part.basis) == (figure_s, Basis.PROTOCOL)
    else:
        slowest = max([figure_s, *(a for a in last if a is not None)])
        endless = plain_percentile_90([10.0**9 if a is None else a for a in last])
        assert part.took_s == min(endless, slowest)
        assert (part.basis is Basis.SILENT) == (endless == 10.0**9)
    assert chain.total_s == min(sum(p.took_s for p in chain.parts), cap_s)
    value = call_by(infringement_at=at(5_000), chain=chain)
    # Placed now, the chain ends before the infringement, or it is past.
    now = at(5_000 - left_s)
    closes = now + timedelta(seconds=chain.total_s) < at(5_000)
    assert (view(value, now=now).standing is CallByStanding.IN_TIME) == closes


# Matching: brute force over all pairs.


def log(party: PartyId, number: int, start_s: int, direction: Direction) -> VoiceLog:
    other = GREEN if party == BLUE else BLUE
    account = VoiceAccount(
        direction=direction,
        counterpart=other,
        counterpart_role=None,
        own_role=RoleId("duty-officer"),
        carriage=Telephone(),
        started_at=at(start_s),
        ended_at=at(start_s + 30),
        kind=CallKind.WARN,
        reality=Reality.REAL,
        language="en",
    )
    event = VoiceLogged(log=VoiceLogId(f"{party}-{number}"), account=account)
    new = advance_voice(None, event, stamp(number))
    assert isinstance(new, VoiceLog)
    return new


starts = st.lists(st.tuples(st.integers(0, 300), st.sampled_from(sorted(Direction))), max_size=6)


@settings(max_examples=examples(150))
@given(ours=starts, theirs=starts, tolerance_s=st.integers(0, 60))
def test_line_062_matching_is_one_to_one_and_as_brute_force_has_it(
    ours: list[tuple[int, Direction]], theirs: list[tuple[int, Direction]], tolerance_s: int
) -> None:
    def one_call(i: int, j: int) -> bool:
        (a, da), (b, db) = ours[i], theirs[j]
        return da is not db and abs(a - b) <= tolerance_s

    pairs = [(i, j) for i, j in product(range(len(ours)), range(len(theirs))) if one_call(i, j)]
    lone = {
        (i, j)
        for i, j in pairs
        if sum(p[0] == i for p in pairs) == 1 and sum(p[1] == j for p in pairs) == 1
    }
    found = match_voice_logs(
        PartyLogs(party=BLUE, logs=tuple(log(BLUE, n, s, d) for n, (s, d) in enumerate(ours))),
        PartyLogs(party=GREEN, logs=tuple(log(GREEN, n, s, d) for n, (s, d) in enumerate(theirs))),
        tolerance_s=tolerance_s,
    )
    matched = {
        (m.log, m.candidates[0])
        for m in found
        if m.party == BLUE and m.standing is MatchStanding.MATCHED
    }
    assert matched == {(f"blue-{i}", f"green-{j}") for i, j in lone}
    touched = {f"blue-{i}" for i, _ in pairs} | {f"green-{j}" for _, j in pairs}
    alone = {m.log for m in found if m.standing is MatchStanding.ALONE}
    assert alone == {m.log for m in found} - touched


# Episodes: repeated merging instead of union-find.


@st.composite
def items(draw: st.DrawFn) -> tuple[Item, ...]:
    size = draw(st.integers(1, 8))
    made = []
    for number in range(size):
        track = draw(st.one_of(st.none(), st.integers(0, 3)))
        call = draw(st.one_of(st.none(), st.integers(0, size - 1)))
        episode = draw(st.one_of(st.none(), st.none(), st.sampled_from(["e-1", "e-2"])))
        about = [AboutTrack(party=BLUE, track=TrackId(f"t-{track}"))] if track is not None else []
        calls = [AboutCall(call=ref(call))] if call is not None else []
        made.append(
            Item(
                ref=ref(number),
                at=at(draw(st.integers(0, 5))),
                episode=None if episode is None else EpisodeId(episode),
                about=(*about, *calls),
            )
        )
    return tuple(made)


def plain_groups(found: tuple[Item, ...]) -> set[frozenset[EntryRef]]:
    """Merge any two groups that share a key until none do."""
    groups = []
    for item in found:
        keys = {repr(item.ref), repr(item.episode)} - {"None"}
        for about in item.about:
            keys.add(repr(about.call if isinstance(about, AboutCall) else about))
        groups.append((keys, {item.ref}))
    merged = True
    while merged:
        merged = False
        for i, j in product(range(len(groups)), range(len(groups))):
            if i < j and groups[i][0] & groups[j][0]:
                keys, refs = groups.pop(j)
                groups[i] = (groups[i][0] | keys, groups[i][1] | refs)
                merged = True
                break
    return {frozenset(refs) for _, refs in groups}


@given(items(), st.randoms(use_true_random=False))
def test_line_052_053_episodes_are_the_plain_groups_in_any_order(
    found: tuple[Item, ...], order: Random
) -> None:
    got = episodes(found)
    assert {frozenset(e.items) for e in got} == plain_groups(found)
    shuffled = list(found)
    order.shuffle(shuffled)
    assert episodes(tuple(shuffled)) == got
    for episode in got:
        first = min((i for i in found if i.ref in episode.items), key=lambda i: (i.at, i.ref))
        assert episode.items[0] == first.ref
        assert first.episode is None or episode.name == first.episode
