"""Acts that wait for a second person, and the first answers to acts that were asked twice.

Rules of this file
- A pending act is confirmed once, by another account in another role or on another watch.
- It expires; it may be turned down by whoever may confirm it, or taken back by who asked.
- It is confirmed only while it waits: of two who confirm at once, one does.
- Settled or expired, its body is blank; one that may be on record keeps it till that is known.
- A key names one act of one account. Its first answer is its answer, across restarts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import CallerError
from crosstell.core.instant import from_us, later, to_us
from crosstell.core.table import Table, Verdict
from crosstell.shell.access.database import Database, Row

PENDING_MAX = 200  # that wait at once
KEPT_S = 7 * 86_400.0  # a first answer is kept at least so long
_PENDING = "id, account, role, watch, kind, body, asked_us, expires_us, state, second"


class PendingState(StrEnum):
    """Where a pending act stands."""

    WAITING = "waiting"
    CONFIRMING = "confirming"  # handed to the node; its answer is not back
    CONFIRMED = "confirmed"
    DROPPED = "dropped"  # turned down, or taken back


class PendingStep(StrEnum):
    """What can happen to it."""

    BEGIN = "begin"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # the node could not be asked: it waits again
    DROP = "drop"


_WAITING, _CONFIRMING = PendingState.WAITING, PendingState.CONFIRMING
_CONFIRMED, _DROPPED = PendingState.CONFIRMED, PendingState.DROPPED
PENDING_TABLE: Table[PendingState, PendingStep] = Table(
    name="pending act",
    states=PendingState,
    events=PendingStep,
    rows={
        (_WAITING, PendingStep.BEGIN): _CONFIRMING,
        (_WAITING, PendingStep.ANSWERED): Verdict.REFUSED,
        (_WAITING, PendingStep.UNANSWERED): Verdict.REFUSED,
        (_WAITING, PendingStep.DROP): _DROPPED,
        (_CONFIRMING, PendingStep.BEGIN): Verdict.REFUSED,
        (_CONFIRMING, PendingStep.ANSWERED): _CONFIRMED,
        (_CONFIRMING, PendingStep.UNANSWERED): _WAITING,
        (_CONFIRMING, PendingStep.DROP): Verdict.REFUSED,
        (_CONFIRMED, PendingStep.BEGIN): Verdict.REFUSED,
        (_CONFIRMED, PendingStep.ANSWERED): Verdict.DUPLICATE,
        (_CONFIRMED, PendingStep.UNANSWERED): Verdict.REFUSED,
        (_CONFIRMED, PendingStep.DROP): Verdict.REFUSED,
        (_DROPPED, PendingStep.BEGIN): Verdict.REFUSED,
        (_DROPPED, PendingStep.ANSWERED): Verdict.REFUSED,
        (_DROPPED, PendingStep.UNANSWERED): Verdict.REFUSED,
        (_DROPPED, PendingStep.DROP): Verdict.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An act that waits: who asked it, in which role and on which watch, its body as given."""

    id: str
    account: str
    role: str
    watch: str
    kind: str
    body: bytes
    asked_at: datetime
    expires_at: datetime
    state: PendingState = PendingState.WAITING
    second: str | None = None  # the account that last confirmed or dropped it, or began to

    def waits(self, now: datetime) -> bool:
        """Whether it can still be confirmed."""
        return self.state is PendingState.WAITING and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of an act that waited; `answer` is the node's, where it was confirmed.

    One that was begun to be confirmed and has no answer may be on record or not.
    """

    id: str
    kind: str
    state: PendingState
    second: str | None  # whoever confirmed or dropped it
    begun: bool  # to be confirmed
    answer: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An act that was asked before under this key; `answer` is None while none came back."""

    digest: bytes
    begun_at: datetime
    arrivals: int
    answer: tuple[int, bytes] | None


class PendingActs:
    """Pending acts and first answers, in the database."""

    def __init__(self, database: Database) -> None:
        """Over the open database."""
        self._database = database

    def begin_anew(self) -> None:
        """What was being confirmed when the node's last process ended waits again."""
        self._database.write(
            "UPDATE pending SET state = ? WHERE state = ?",
            *(PendingState.WAITING.value, PendingState.CONFIRMING.value),
        )

    def put(self, act: Pending, now: datetime) -> None:
        """The act waits. Implements ACS-040."""
        with self._database.writing():
            if len(self.waiting(now)) >= PENDING_MAX:
                raise CallerError(f"{PENDING_MAX} acts wait for a second person; settle some first")
            self._database.write(
                "INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                *(act.id, act.account, act.role, act.watch, act.kind, act.body),
                *(to_us(act.asked_at), to_us(act.expires_at), act.state.value),
            )
            old = to_us(later(now, by_s=-KEPT_S))
            self._database.write("DELETE FROM pending WHERE expires_us < ?", old)

    def sweep(self, now: datetime) -> None:
        """What no longer waits says nothing any more, here or in the log.

        Where somebody reads the file, the next sweep empties the log. Implements ACS-283, ACS-285.
        """
        changed = self._database.write(
            "UPDATE pending SET body = x'' WHERE body != x'' AND (state IN (?, ?) OR "
            "(state = ? AND expires_us <= ?)) AND NOT EXISTS (SELECT 1 FROM answer a WHERE "
            "a.account = pending.account AND a.key = 'confirm:' || pending.id "
            "AND a.status IS NULL)",
            *(PendingState.CONFIRMED.value, PendingState.DROPPED.value),
            *(PendingState.WAITING.value, to_us(now)),
        )
        if changed or not self._database.is_log_empty:
            self._database.empty_log()

    def remove_all(self) -> None:
        """No act waits, and nothing is left of any that did, once the log is emptied too."""
        self._database.write("DELETE FROM pending")

    def find(self, name: str) -> Pending | None:
        """The act of that id, whatever became of it."""
        row = self._database.row(f"SELECT {_PENDING} FROM pending WHERE id = ?", name)  # noqa: S608
        return None if row is None else _pending(row)

    def waiting(self, now: datetime) -> tuple[Pending, ...]:
        """Every act that waits, oldest first."""
        rows = self._database.rows(
            f"SELECT {_PENDING} FROM pending WHERE state = ? AND expires_us > ? "  # noqa: S608
            "ORDER BY asked_us, id LIMIT ?",
            *(PendingState.WAITING.value, to_us(now), PENDING_MAX),
        )
        return tuple(_pending(row) for row in rows)

    def settled(self, account: str, since: datetime, now: datetime) -> tuple[Settled, ...]:
        """Each act that the account asked for since then and that waits no longer."""
        rows = self._database.rows(
            "SELECT p.id, p.kind, p.state, p.second, a.key, a.status, a.body FROM pending p "
            "LEFT JOIN answer a ON a.account = p.account AND a.key = 'confirm:' || p.id "
            "WHERE p.account = ? AND p.asked_us >= ? AND (p.state IN (?, ?) "
            "OR (p.state = ? AND p.expires_us <= ?)) ORDER BY p.asked_us, p.id LIMIT ?",
            *(account, to_us(since), PendingState.CONFIRMED.value, PendingState.DROPPED.value),
            *(PendingState.WAITING.value, to_us(now), PENDING_MAX),
        )
        return tuple(_settled(row) for row in rows)

    def unanswered(self) -> tuple[Pending, ...]:
        """Each act that was begun to be confirmed, and of which no answer is kept."""
        rows = self._database.rows(
            f"SELECT {_PENDING} FROM pending p WHERE state IN (?, ?) AND EXISTS "  # noqa: S608
            "(SELECT 1 FROM answer a WHERE a.account = p.account AND a.key = 'confirm:' || p.id "
            "AND a.status IS NULL) ORDER BY asked_us, id LIMIT ?",
            *(PendingState.WAITING.value, PendingState.CONFIRMED.value, PENDING_MAX),
        )
        return tuple(_pending(row) for row in rows)

    def step(self, act: Pending, step: PendingStep, *, second: str | None = None) -> bool:
        """The act has taken that step; False if the table, or somebody quicker, forbids it."""
        after = PENDING_TABLE.next(act.state, step)
        if not isinstance(after, PendingState):
            return False
        changed = self._database.write(
            "UPDATE pending SET state = ?, second = ? WHERE id = ? AND state = ?",
            *(after.value, second, act.id, act.state.value),
        )
        return changed > 0

    def drop_of(self, account: str, *, by: str) -> tuple[Pending, ...]:
        """No act of the account waits any more; which did. One that may be on record is left."""
        rows = self._database.rows(
            f"SELECT {_PENDING} FROM pending p WHERE account = ? AND state = ? AND NOT EXISTS "  # noqa: S608
            "(SELECT 1 FROM answer a WHERE a.account = p.account AND a.key = 'confirm:' || p.id) "
            "ORDER BY asked_us, id LIMIT ?",
            *(account, PendingState.WAITING.value, PENDING_MAX),
        )
        found = tuple(_pending(row) for row in rows)
        return tuple(one for one in found if self.step(one, PendingStep.DROP, second=by))

    def begin(
        self, account: str, key: str, *, asked: bytes, arrivals: int, now: datetime
    ) -> Begun | None:
        """None, and the key is taken; or what was asked under it before. Implements ACS-045."""
        with self._database.writing():
            if (before := self.begun(account, key)) is not None:
                return before
            old = to_us(later(now, by_s=-KEPT_S))
            self._database.write("DELETE FROM answer WHERE begun_us < ?", old)
            self._database.write(
                "INSERT INTO answer VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                *(account, key, asked, to_us(now), arrivals),
            )
        return None

    def begun(self, account: str, key: str) -> Begun | None:
        """What was asked under that key before."""
        row = self._database.row(
            "SELECT digest, begun_us, arrivals, status, body FROM answer "
            "WHERE account = ? AND key = ?",
            *(account, key),
        )
        if row is None:
            return None
        answer = None if row[3] is None else (int(row[3]), bytes(row[4]))
        return Begun(digest=row[0], begun_at=from_us(row[1]), arrivals=row[2], answer=answer)

    def answered(self, account: str, key: str, status: int, body: bytes) -> None:
        """That is the answer to the key from now on."""
        self._database.write(
            "UPDATE answer SET status = ?, body = ? WHERE account = ? AND key = ? "
            "AND status IS NULL",
            *(status, body, account, key),
        )

    def forget(self, account: str, key: str) -> None:
        """The key was never used: nothing of what it named reached the node."""
        self._database.write(
            "DELETE FROM answer WHERE account = ? AND key = ? AND status IS NULL", account, key
        )


def _settled(row: Row) -> Settled:
    return Settled(
        id=row[0],
        kind=row[1],
        state=PendingState(row[2]),
        second=row[3],
        begun=row[4] is not None,
        answer=None if row[5] is None else (int(row[5]), bytes(row[6])),
    )


def _pending(row: Row) -> Pending:
    return Pending(
        id=row[0],
        account=row[1],
        role=row[2],
        watch=row[3],
        kind=row[4],
        body=row[5],
        asked_at=from_us(row[6]),
        expires_at=from_us(row[7]),
        state=PendingState(row[8]),
        second=row[9],
    )
