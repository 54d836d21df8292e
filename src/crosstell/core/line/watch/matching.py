"""Two logs of one voice call: are they of one call, and where do the two accounts differ?

Two logs are two claims; neither is corrected by the other. They are taken to be of one call if
both name the same placed entry; or, where not both name one, if each names the other's party,
one says placed and the other taken, both say real (or both exercise), and the starts they state
lie within the tolerance. The match is one to one: a log with more than one candidate, or whose
candidate has another, is not matched, and says which it might be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crosstell.core.ids import PartyId
from crosstell.core.line.content import (
    CallContent,
    ContentField,
    Finding,
    compare,
    compare_values,
)
from crosstell.core.line.watch.voice import Direction, VoiceAccount, VoiceLog, VoiceLogId

LOGS_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLogs:
    """All voice logs of one party."""

    party: PartyId
    logs: tuple[VoiceLog, ...]

    def __post_init__(self) -> None:
        """Hold the bound on what is matched at once."""
        assert len(self.logs) <= LOGS_MAX, "match a bounded time, not a whole record"


class MatchStanding(StrEnum):
    """What matching found for one log."""

    MATCHED = "matched"
    ALONE = "alone"  # no log of the other side could be of this call
    AMBIGUOUS = "ambiguous"  # more than one could; a person judges


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMatch:
    """One log, how it stands, and the logs of the other side that could be of the same call."""

    party: PartyId
    log: VoiceLogId
    standing: MatchStanding
    candidates: tuple[VoiceLogId, ...]


def _may_be_one_call(
    first: tuple[PartyId, VoiceLog], second: tuple[PartyId, VoiceLog], tolerance_s: float
) -> bool:
    """Whether the two logs could be of one call, by the rule at the top of this file."""
    (first_party, a), (second_party, b) = first, second
    one, two = a.account, b.account
    if one.counterpart != second_party or two.counterpart != first_party:
        return False
    if {one.direction, two.direction} != set(Direction) or one.reality is not two.reality:
        return False
    if a.logged.call is not None and b.logged.call is not None:
        return a.logged.call == b.logged.call
    return abs(one.started_at - two.started_at) <= timedelta(seconds=tolerance_s)


def _same_entry(a: VoiceLog, b: VoiceLog) -> bool:
    """Whether both logs name one placed entry."""
    return a.logged.call is not None and a.logged.call == b.logged.call


def match_voice_logs(
    first: PartyLogs, second: PartyLogs, *, tolerance_s: float
) -> tuple[LogMatch, ...]:
    """Every log of both sides with what matching found, by party and log id.

    `tolerance_s` bounds how far the two stated starts may lie apart. A pair that names one
    entry is settled first and leaves the others to be matched by time. Implements LINE-062.
    """
    edges: dict[tuple[PartyId, VoiceLogId], set[VoiceLogId]] = {}
    for side in (first, second):
        edges |= {(side.party, held.logged.log): set() for held in side.logs}
    for a, b in _candidate_pairs(first, second, tolerance_s):
        edges[first.party, a.logged.log].add(b.logged.log)
        edges[second.party, b.logged.log].add(a.logged.log)
    other = {first.party: second.party, second.party: first.party}
    found = []
    for (party, log), candidates in sorted(edges.items()):
        mutual = len(candidates) == 1 and all(
            len(edges[other[party], name]) == 1 for name in candidates
        )
        standing = MatchStanding.MATCHED if mutual else MatchStanding.AMBIGUOUS
        found.append(
            LogMatch(
                party=party,
                log=log,
                standing=standing if candidates else MatchStanding.ALONE,
                candidates=tuple(sorted(candidates)),
            )
        )
    return tuple(found)


def _candidate_pairs(
    first: PartyLogs, second: PartyLogs, tolerance_s: float
) -> list[tuple[VoiceLog, VoiceLog]]:
    """The pairs that could be one call, those by entry first and then without them by time."""
    pairs = [
        (a, b)
        for a in first.logs
        for b in second.logs
        if _may_be_one_call((first.party, a), (second.party, b), tolerance_s)
    ]
    by_entry = [(a, b) for a, b in pairs if _same_entry(a, b)]
    settled_a = {a.logged.log for a, _ in by_entry}
    settled_b = {b.logged.log for _, b in by_entry}
    by_time = [
        (a, b) for a, b in pairs if a.logged.log not in settled_a and b.logged.log not in settled_b
    ]
    return by_entry + by_time


class AccountField(StrEnum):
    """The fields of two accounts that can be compared."""

    KIND = "kind"
    CALLING_ROLE = "calling-role"
    CALLED_ROLE = "called-role"
    STARTED = "started"
    REACHED = "reached"
    ENDED = "ended"
    CARRIAGE = "carriage"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    MESSAGE = "message"
    READ_BACK = "read-back"
    ANSWER = "answer"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFinding:
    """How one field stands in two accounts; `part` names the field of a message."""

    field: AccountField
    finding: Finding
    part: ContentField | None = None


def compare_accounts(
    first: VoiceAccount, second: VoiceAccount, *, tolerance_s: float
) -> tuple[AccountFinding, ...]:
    """Field by field: agree, differ, or stated by one. Times agree within the tolerance.

    What each side says of its own check of the other's voice is not compared: they are two
    checks. Implements LINE-063.
    """
    calling = (_calling_role(first), _calling_role(second))
    called = (_called_role(first), _called_role(second))
    plain = (
        (AccountField.KIND, compare_values(first.kind, second.kind)),
        (AccountField.CALLING_ROLE, compare_values(*calling)),
        (AccountField.CALLED_ROLE, compare_values(*called)),
        (AccountField.STARTED, _times(first.started_at, second.started_at, tolerance_s)),
        (AccountField.REACHED, _times(first.reached_at, second.reached_at, tolerance_s)),
        (AccountField.ENDED, _times(first.ended_at, second.ended_at, tolerance_s)),
        (AccountField.CARRIAGE, compare_values(first.carriage, second.carriage)),
        (AccountField.LANGUAGE, compare_values(first.language, second.language)),
        (AccountField.INTERPRETER, compare_values(first.interpreter, second.interpreter)),
        (AccountField.ANSWER, compare_values(first.answer, second.answer)),
        (AccountField.ANSWERED, _times(first.answered_at, second.answered_at, tolerance_s)),
    )
    findings = [AccountFinding(field=field, finding=finding) for field, finding in plain]
    findings += _contents(AccountField.MESSAGE, first.message, second.message)
    findings += _contents(AccountField.READ_BACK, first.read_back, second.read_back)
    return tuple(findings)


def _calling_role(account: VoiceAccount) -> str | None:
    """Who called, in this account."""
    placed = account.direction is Direction.PLACED
    return account.own_role if placed else account.counterpart_role


def _called_role(account: VoiceAccount) -> str | None:
    """Who was called, in this account."""
    placed = account.direction is Direction.PLACED
    return account.counterpart_role if placed else account.own_role


def _times(first: datetime | None, second: datetime | None, tolerance_s: float) -> Finding:
    """As `compare_values`, but two times agree within the tolerance."""
    if first is None or second is None:
        return compare_values(first, second)
    near = abs(first - second) <= timedelta(seconds=tolerance_s)
    return Finding.AGREE if near else Finding.DIFFER


def _contents(
    field: AccountField, first: CallContent | None, second: CallContent | None
) -> list[AccountFinding]:
    """The findings on one message; one line if either side states nothing of it."""
    if first is None or second is None:
        return [AccountFinding(field=field, finding=compare_values(first, second))]
    return [
        AccountFinding(field=field, finding=f.finding, part=f.field) for f in compare(first, second)
    ]
