"""What a party had said in a feed that it left, in a file of our own side.

It is read from the record once, when the next feed is followed or made, by whoever does that; a
start reads the file alone. Of our own it holds what stays at home: so it is never in the folder of
the cards, which an exchange side has too. Implements NOD-474, NOD-492.
"""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crosstell.codecs import entry_body
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CallerError
from crosstell.core.ids import CallId, EntryRef, FeedId, NoticeId, PartyId
from crosstell.core.instant import from_us, to_us
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.call import CallState
from crosstell.core.line.message import CallKind
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.former import Former, FormerNotice
from crosstell.core.picture.notice import Filed, Notice, NoticeFiled, NoticeState
from crosstell.core.record.entry import parse
from crosstell.core.state.held import Held
from crosstell.core.state.slots import FEED_SLOTS, JOURNAL_SLOTS
from crosstell.core.state.state import FeedState, JournalState, fold_log
from crosstell.core.table import Stamp
from crosstell.shell.config.node_file import Installation
from crosstell.shell.exchange import Exchange
from crosstell.shell.store.contract import Store

SUFFIX = ".left"
SIZE_MAX = 64 * 1024 * 1024
BODIES_MAX = SIZE_MAX // 4  # characters of what notices said; of those beyond it the ids are kept
_FILED = tag_of(NoticeFiled)
_TAKEN = (Stage.RECEIVED, Stage.READ_BACK, Stage.PASSED_ON, Stage.ACTED_ON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A feed that its party left, as `store` holds it, and our feed from now on.

    `parties`: whose each feed is that an entry may be meant for. `void` are the entries that a
    later one made void. `journal`: of a feed of our own, the one that went with it.
    """

    store: Store
    parties: Mapping[FeedId, PartyId]
    party: PartyId
    feed: FeedId
    void: tuple[tuple[int, int], ...]
    ours: FeedId
    said: int
    journal: FeedId | None = None


def left_in(leaving: Leaving) -> Former:
    """What of that feed has no end yet, by what is held of it."""
    feed = FeedState(party=leaving.party, feed=leaving.feed)
    feed = fold_log(feed, _held(leaving, leaving.feed), FEED_SLOTS)
    notices = [*feed.notices.values()]
    if leaving.journal is not None:
        home = fold_log(
            JournalState(feed=leaving.journal), _held(leaving, leaving.journal), JOURNAL_SLOTS
        )
        notices += home.notices.values()
    calls = feed.calls.values()
    return Former(
        party=leaving.party,
        feed=leaving.feed,
        ours=leaving.ours,
        said=leaving.said,
        notices=tuple(
            FormerNotice(notice=one.notice, ends=_ends(one), filed=one.latest)
            for one in notices
            if one.state is not NoticeState.WITHDRAWN
        ),
        placed=tuple(
            call.placed.call
            for call in calls
            if call.state not in (CallState.CLOSED, CallState.DISREGARDED)
            and call.placed.kind is not CallKind.TEST
        ),
        taken=tuple(sorted({ref.seq for ref in _taken(feed) if ref.feed == leaving.ours})),
    )


def _held(leaving: Leaving, feed: FeedId) -> Iterator[Held]:
    """Its entries as the core sees them."""
    reader = Exchange(
        own=leaving.ours,
        logs={},
        peers={},
        store=leaving.store,
        parties=leaving.parties,
        void={leaving.feed: leaving.void},
    )
    for row in leaving.store.entries(feed):
        yield reader.held(row, parse(row.leaf))


def _taken(feed: FeedState) -> Iterator[EntryRef]:
    """The calls that a person had received there, or answered."""
    yield from (ref for ref, one in feed.acknowledgements.items() if one.stage in _TAKEN)
    yield from feed.answers


def _ends(notice: Notice) -> datetime | None:
    """When its last window ends; None without one."""
    volumes = volumes_of(notice.latest.event.content)
    return max((volume.window.end for volume in volumes), default=None)


def write_left(folder: Path, left: Former) -> None:
    """The file stands in `folder`, whole and on disk."""
    room = BODIES_MAX
    rows = []
    for one in left.notices:
        row: dict[str, Any] = {"notice": one.notice}
        row |= {} if one.ends is None else {"ends_us": to_us(one.ends)}
        if one.filed is not None:
            event, stamp = one.filed.event, one.filed.stamp
            body = entry_body.encode(event, stamp.by).decode("utf-8")
            room -= len(body)
            kept = {"seq": stamp.ref.seq, "hash": stamp.ref.hash, "at_us": to_us(stamp.at)}
            row |= {**kept, "body": body} if room >= 0 else {}
        rows.append(row)
    value = {
        "party": left.party,
        "feed": left.feed,
        "ours": left.ours,
        "said": left.said,
        "notices": rows,
        "placed": left.placed,
        "taken": left.taken,
    }
    _write(folder / f"{left.party}{SUFFIX}.{left.feed}", value)


def forget_left(folder: Path, feed: FeedId, seq: int) -> None:
    """What that entry said is in no file here any more, as in no store (KEY-020)."""
    for path in folder.glob(f"*{SUFFIX}.{feed}"):
        value = _json(path)
        rows = [one for one in value["notices"] if one.get("seq") == seq]
        for row in rows:
            del row["seq"], row["hash"], row["at_us"], row["body"]
        if rows:
            _write(path, value)


def read_left(
    installation: Installation, former: tuple[tuple[PartyId, FeedId], ...]
) -> tuple[Former, ...]:
    """What those feeds left, where a file tells it. CallerError for a file that cannot be read."""
    found = []
    for party, feed in former:
        name = f"{party}{SUFFIX}.{feed}"
        paths = (installation.left / name, installation.cards / name)  # of old beside the cards
        found += [_read(path) for path in paths if path.is_file()][:1]
    return tuple(found)


def _write(path: Path, value: dict[str, Any]) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be written ({error.strerror}); nothing was changed. Free the disk, "
            "or mend the folder, and try again"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            value: dict[str, Any] = json.loads(file.read(SIZE_MAX))
            return value
    except (OSError, ValueError) as error:
        raise _untold(path, error) from error


def _read(path: Path) -> Former:
    said = _json(path)
    try:
        feed = FeedId(said["feed"])
        return Former(
            party=PartyId(said["party"]),
            feed=feed,
            ours=FeedId(said["ours"]),
            said=int(said["said"]),
            notices=tuple(_notice(feed, one) for one in said["notices"]),
            placed=tuple(CallId(name) for name in said["placed"]),
            taken=tuple(int(seq) for seq in said["taken"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise _untold(path, error) from error


def _notice(feed: FeedId, row: Any) -> FormerNotice:  # noqa: ANN401 - JSON
    """One row; a pair of id and end, as files had them before, tells nothing of its content."""
    if isinstance(row, list):
        row = {"notice": row[0]} | ({} if row[1] is None else {"ends_us": row[1]})
    ends_us = row.get("ends_us")
    filed = None
    if "body" in row:
        said = entry_body.decode(_FILED, row["body"].encode("utf-8"))
        ref = EntryRef(feed=feed, seq=int(row["seq"]), hash=row["hash"])
        if isinstance(said.body, NoticeFiled):
            stamp = Stamp(ref=ref, at=from_us(int(row["at_us"])), by=said.by)
            filed = Filed(event=said.body, stamp=stamp)
    return FormerNotice(
        notice=NoticeId(row["notice"]),
        ends=None if ends_us is None else from_us(int(ends_us)),
        filed=filed,
    )


def _untold(path: Path, error: Exception) -> CallerError:
    return CallerError(
        f"{path}: does not tell what was left of a former feed ({error}); restore it from the "
        "newest copy of the folder, or move it away: then no alarm says what to ask about"
    )
