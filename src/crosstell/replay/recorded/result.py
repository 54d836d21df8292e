"""A record in the form of a replay's result: one run, which is what the record holds.

There is no scenario behind it: no assumption, no point of interest, no lead time. What another
party keeps at home is not in it, and its absence says nothing. Implements REP-094, REP-096.
"""

import hashlib
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of
from crosstell.core.ids import FeedId
from crosstell.core.instant import format_instant, later
from crosstell.core.protocol.document import Protocol
from crosstell.core.record.tree import CompactRange, leaf_hash
from crosstell.papers.afterwards import aftermath_of
from crosstell.papers.model import HEADING_OF_RECORD
from crosstell.papers.told import FeedVerified
from crosstell.replay.found.alerts import alerts_of
from crosstell.replay.found.calls import calls_of
from crosstell.replay.found.duties.adherence import Owing, adherence_of
from crosstell.replay.found.notices import notices_of
from crosstell.replay.found.proof import SOUND
from crosstell.replay.found.sketch import shapes_of, sides_of, tracks_of
from crosstell.replay.found.timeline import timeline_of
from crosstell.replay.found.told.spoken import broadcasts_of, told_of, voice_claims_of
from crosstell.replay.played.trace import Played
from crosstell.replay.recorded.opened import Opened, open_record
from crosstell.replay.recorded.seen import state_of, time_of, trace_of
from crosstell.replay.result import (
    RESULT_FORMAT,
    PartyShown,
    ReplayResult,
    RunResult,
)
from crosstell.shell.archive.far import Tell, untold

PARTS = 3
KEYS_SAID = (
    "Every signature and chain was checked as it was read. Whose a key is rests on the "
    "fingerprints that the parties compared, and on nothing in this file."
)


def read_record(
    source: Path, protocol: Protocol, tell: Tell = untold
) -> tuple[ReplayResult, Played]:
    """The record in a store or an export, under the document given, as a result and its trace.

    Each entry is read three times, verified, folded and traced: so far as that is, is told.
    """
    verified, folded, traced = (_part(tell, number) for number in range(PARTS))
    opened = open_record(source, verified)
    state = state_of(opened, protocol, folded)
    trace = trace_of(opened, traced)
    played = Played(trace=trace, desks={}, states={opened.party: state})
    return _result(opened, protocol, _run(opened, protocol, played)), played


def _part(tell: Tell, number: int) -> Tell:
    """One of the parts of the work, told as a part of all of it."""
    return lambda done, of: tell(number * of + done, PARTS * of)


def _run(opened: Opened, protocol: Protocol, played: Played) -> RunResult:
    trace = played.trace
    calls = calls_of(trace)
    parts = {p.id: tuple(one.id for one in p.components) for p in protocol.parties}
    notices = notices_of(trace, parts)
    parties = tuple(sorted(dict.fromkeys(opened.owners.values())))
    until = {sight.of: sight.at for sight in trace.sights if sight.held_by == sight.of}
    asked = Owing(told=parties, every=parties, manned=True, until=tuple(until.items()))
    times = [sight.at for sight in trace.sights]
    ends = later(max(times), by_s=0.001)
    return RunResult(
        name="record",
        title=f"The record as party {opened.party} holds it",
        about="",
        starts=min(times),
        ends=ends,
        values=(),
        switches=(),
        conclusion=(),
        leads=(),
        alerts=alerts_of(trace),
        calls=calls,
        notices=notices,
        adherence=adherence_of(asked, protocol, trace, calls, notices),
        false_alarms=None,
        record=tuple(_verified(opened, feed) for feed in opened.owners),
        record_digest=_digest(opened),
        shapes=(*sides_of(protocol), *shapes_of(trace)),
        tracks=tracks_of(trace),
        broadcasts=broadcasts_of(trace),
        told=told_of(trace),
        voice=voice_claims_of(trace),
        aftermath=aftermath_of(played.states, ends),
        timeline=timeline_of(trace),
        warnings=(*_unowned(opened), *_resumed(opened), *_void(opened)),
    )


def _unowned(opened: Opened) -> tuple[str, ...]:
    """The feeds in which nobody speaks with a body that is held here."""
    return tuple(
        f"feed {feed}: {len(rows)} entries; nobody speaks in it with a body held here"
        for feed, rows in opened.logs.items()
        if feed not in opened.owners
    )


def _resumed(opened: Opened) -> tuple[str, ...]:
    """Which party went on in a new feed, and how much of the old one it stands by. REP-098."""
    return tuple(
        f"party {opened.owners[feed]} goes on in feed {feed} since "
        f"{format_instant(time_of(opened.logs[feed][0]))}, and stands by the first {branch.size} "
        f"entries of feed {branch.feed}, of which this record holds "
        f"{len(opened.logs.get(branch.feed, ()))}; nobody stands by later ones any more"
        for feed, branch in opened.branches.items()
        if feed in opened.owners
    )


def _void(opened: Opened) -> tuple[str, ...]:
    """Which entries their author made void: their signatures hold, and they say nothing."""
    return tuple(
        f"feed {feed}: entries {low} to {high - 1} are void, since its author took the key back; "
        "what they said is not told"
        for feed, keys in opened.keys.items()
        for low, high in keys.void
    )


def _verified(opened: Opened, feed: FeedId) -> FeedVerified:
    tree = CompactRange()
    for row in opened.logs[feed]:
        tree = tree.append(leaf_hash(row.entry.leaf))
    return FeedVerified(
        party=opened.owners[feed],
        feed=feed,
        entries=tree.size,
        root=tree.root().hex(),
        sound=SOUND,
        statements=opened.statements[feed],
    )


def _digest(opened: Opened) -> str:
    digest = hashlib.sha256()
    for feed in sorted(opened.logs):
        digest.update(f"{feed}\n".encode())
        for row in opened.logs[feed]:
            digest.update(hashlib.sha256(row.entry.leaf).digest())
    return digest.hexdigest()


def _result(opened: Opened, protocol: Protocol, run: RunResult) -> ReplayResult:
    titles = {party.id: party for party in protocol.parties}
    parties = tuple(sorted(dict.fromkeys(opened.owners.values())))
    return ReplayResult(
        format=RESULT_FORMAT,
        heading=HEADING_OF_RECORD,
        scenario="",
        title=f"The record as party {opened.party} holds it, from {opened.what}",
        about="",
        mode="record",
        seed=0,
        keys=KEYS_SAID,
        protocol_digest=digest_of(protocol),
        main_point="",
        points=(),
        parties=tuple(
            PartyShown(
                id=party,
                name=titles[party].title if party in titles else party,
                components=tuple(
                    f"{one.id}: {one.title}"
                    for one in (titles[party].components if party in titles else ())
                ),
            )
            for party in parties
        ),
        assumptions=(),
        sources=(),
        accounts=(),
        told_in="",
        told=(),
        findings=(),
        ranges=(),
        runs=(run,),
    )
