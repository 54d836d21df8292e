"""What a party had said in a feed that it left, in a file beside its card that is kept.

It is read from the record once, when the next feed is followed or made, by whoever does that; a
start reads the file alone. Implements NOD-474.
"""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crosstell.core.errors import CallerError
from crosstell.core.ids import CallId, EntryRef, FeedId, NoticeId, PartyId
from crosstell.core.instant import from_us, to_us
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.call import CallState
from crosstell.core.line.message import CallKind
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.former import Former
from crosstell.core.picture.notice import Notice, NoticeState
from crosstell.core.record.entry import parse
from crosstell.core.state.held import Held
from crosstell.core.state.slots import FEED_SLOTS, JOURNAL_SLOTS
from crosstell.core.state.state import FeedState, JournalState, fold_log
from crosstell.shell.exchange import Exchange
from crosstell.shell.store.contract import Store

SUFFIX = ".left"
SIZE_MAX = 64 * 1024 * 1024
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
            (one.notice, _ends(one)) for one in notices if one.state is not NoticeState.WITHDRAWN
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
    """The file stands beside the cards, whole and on disk."""
    path = folder / f"{left.party}{SUFFIX}.{left.feed}"
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    value = {
        "party": left.party,
        "feed": left.feed,
        "ours": left.ours,
        "said": left.said,
        "notices": [[name, None if at is None else to_us(at)] for name, at in left.notices],
        "placed": left.placed,
        "taken": left.taken,
    }
    try:
        with part.open("x", encoding="utf-8") as file:
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


def read_left(folder: Path, former: tuple[tuple[PartyId, FeedId], ...]) -> tuple[Former, ...]:
    """What those feeds left, where a file tells it. CallerError for a file that cannot be read."""
    paths = (folder / f"{party}{SUFFIX}.{feed}" for party, feed in former)
    return tuple(_read(path) for path in paths if path.is_file())


def _read(path: Path) -> Former:
    try:
        with path.open("rb") as file:
            said: dict[str, Any] = json.loads(file.read(SIZE_MAX))
        return Former(
            party=PartyId(said["party"]),
            feed=FeedId(said["feed"]),
            ours=FeedId(said["ours"]),
            said=int(said["said"]),
            notices=tuple(
                (NoticeId(name), None if us is None else from_us(int(us)))
                for name, us in said["notices"]
            ),
            placed=tuple(CallId(name) for name in said["placed"]),
            taken=tuple(int(seq) for seq in said["taken"]),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CallerError(
            f"{path}: does not tell what was left of a former feed ({error}); restore it from the "
            "newest copy of the folder, or move it away: then no alarm says what to ask about"
        ) from error
