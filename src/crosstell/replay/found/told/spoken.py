"""What was told in a run: broadcasts and who is said to have heard them, tracks, voice logs.

Two logs of one voice call are two claims, compared and never merged. Implements REP-066, REP-067.
"""

from itertools import combinations

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import PartyId
from crosstell.core.line.content import Finding, Radio
from crosstell.core.line.watch import voice
from crosstell.core.line.watch.broadcast import BroadcastHeard, BroadcastSent
from crosstell.core.line.watch.matching import (
    AccountFinding,
    LogMatch,
    MatchStanding,
    PartyLogs,
    compare_accounts,
    match_voice_logs,
)
from crosstell.core.line.watch.voice import VoiceLog, VoiceLogCorrected, VoiceLogged, VoiceLogId
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.track import TrackReported
from crosstell.core.table import Stamp
from crosstell.replay.claims import (
    BroadcastTold,
    FieldCompared,
    Hearing,
    TrackTold,
    VoiceClaims,
)
from crosstell.replay.found.calls import own_sights, ref_text
from crosstell.replay.played.trace import Sight, Trace

TOLERANCE_S = 120.0  # how far two stated starts of one voice call may lie apart


def frequency_text(radio: Radio) -> str:
    """A frequency in megahertz, as an operator says it."""
    return f"{radio.frequency_hz / 1e6:.3f} MHz"


def broadcasts_of(trace: Trace) -> tuple[BroadcastTold, ...]:
    """Every broadcast, with everyone who is said to have heard it, and on whose word."""
    heard: dict[tuple[PartyId, str], list[Hearing]] = {}
    sights = own_sights(trace)
    for sight in sights:
        body = sight.body
        if isinstance(body, BroadcastHeard):
            hearing = Hearing(
                heard_by=body.heard_by,
                source=body.source,
                heard_at=body.heard_at,
                told_at=sight.at,
                told_by=_teller(sight),
                ref=ref_text(sight),
            )
            heard.setdefault((sight.of, body.broadcast), []).append(hearing)
    return tuple(
        _broadcast(sight, sight.body, heard.get((sight.of, sight.body.broadcast), []))
        for sight in sights
        if isinstance(sight.body, BroadcastSent)
    )


def _broadcast(sight: Sight, body: BroadcastSent, heard: list[Hearing]) -> BroadcastTold:
    return BroadcastTold(
        party=sight.of,
        broadcast=body.broadcast,
        reality=body.reality.value,
        frequency=frequency_text(body.radio),
        addressed=body.addressed,
        text=body.text.text,
        language=body.text.language,
        sent_at=body.sent_at,
        heard=tuple(heard),
        ref=ref_text(sight),
    )


def told_of(trace: Trace) -> tuple[TrackTold, ...]:
    """Every object that a person told of, in the reporter's words."""
    found = []
    for sight in trace.sights:
        body = sight.body
        if sight.held_by != sight.of or not isinstance(body, TrackReported):
            continue
        found.append(
            TrackTold(
                party=sight.of,
                track=body.track,
                reporter=body.reporter,
                source=body.source,
                text=body.text,
                told_at=sight.at,
                told_by=_teller(sight),
                position="none given" if body.motion is None else _position(body),
                ref=ref_text(sight),
            )
        )
    return tuple(found)


def _position(body: TrackReported) -> str:
    assert body.motion is not None, "asked for only where one was given"
    at = body.motion.position
    return f"{at.lat_deg:.5f} {at.lon_deg:.5f} at {body.motion.at:%H:%M:%SZ}"


def _teller(sight: Sight) -> str:
    by: Speaker | None = sight.by
    return sight.of if by is None else f"{sight.of} {by.role}"


def voice_claims_of(trace: Trace) -> tuple[VoiceClaims, ...]:
    """The voice logs of every two sides, set side by side where they are of one call."""
    logs = _logs(trace)
    found: dict[VoiceClaims, None] = {}
    matched: set[str] = set()
    alone: list[VoiceClaims] = []
    for first, second in combinations(sorted(logs), 2):
        sides = {first: second, second: first}
        pair = PartyLogs(party=first, logs=tuple(logs[first].values()))
        other = PartyLogs(party=second, logs=tuple(logs[second].values()))
        for match in match_voice_logs(pair, other, tolerance_s=TOLERANCE_S):
            claims = _claims(match, sides[match.party], logs)
            if match.standing is MatchStanding.ALONE:
                alone.append(claims)
                continue
            found[claims] = None
            matched.update(claims.logs)
    if len(logs) == 1:
        alone = [_alone(party, name) for party, held in logs.items() for name in held]
    found |= dict.fromkeys(one for one in alone if not matched.intersection(one.logs))
    return tuple(found)


def _logs(trace: Trace) -> dict[PartyId, dict[VoiceLogId, VoiceLog]]:
    """Each side's logs as they stand at the end, corrections included."""
    held: dict[PartyId, dict[VoiceLogId, VoiceLog]] = {}
    for sight in own_sights(trace):
        body = sight.body
        if isinstance(body, VoiceLogged | VoiceLogCorrected):
            side = held.setdefault(sight.of, {})
            stamp = Stamp(ref=sight.ref, at=sight.at, by=sight.by)
            after = voice.advance(side.get(body.log), body, stamp)
            if not isinstance(after, Refused | Duplicate):
                side[body.log] = after
    return held


def _alone(party: PartyId, log: VoiceLogId) -> VoiceClaims:
    return VoiceClaims(
        logs=(f"{party} {log}",),
        standing=MatchStanding.ALONE.value,
        tolerance_s=TOLERANCE_S,
        fields=(),
    )


def _claims(
    match: LogMatch, other: PartyId, logs: dict[PartyId, dict[VoiceLogId, VoiceLog]]
) -> VoiceClaims:
    """One match; of a matched pair the same value from either side."""
    if match.standing is MatchStanding.ALONE:
        return _alone(match.party, match.log)
    names = [(match.party, match.log), *((other, log) for log in match.candidates)]
    fields: tuple[FieldCompared, ...] = ()
    if match.standing is MatchStanding.MATCHED:
        names = sorted(names)
        first, second = (logs[party][log].account for party, log in names)
        findings = compare_accounts(first, second, tolerance_s=TOLERANCE_S)
        sides = (names[0][0], names[1][0])
        fields = tuple(_field(one, sides) for one in findings)
    return VoiceClaims(
        logs=tuple(f"{party} {log}" for party, log in names),
        standing=match.standing.value,
        tolerance_s=TOLERANCE_S,
        fields=fields,
    )


def _field(one: AccountFinding, sides: tuple[PartyId, PartyId]) -> FieldCompared:
    name = one.field.value if one.part is None else f"{one.field.value}: {one.part.value}"
    words = {
        Finding.AGREE: "alike",  # two logs that say the same are no agreement
        Finding.STATED_BY_FIRST: f"stated by {sides[0]} only",
        Finding.STATED_BY_SECOND: f"stated by {sides[1]} only",
        Finding.STATED_BY_NEITHER: "stated by neither",
        Finding.WORDING_DIFFERS: "wording differs; a person judges",
    }
    return FieldCompared(field=name, finding=words.get(one.finding, one.finding.value))
