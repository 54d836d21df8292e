"""All that is on record of one matter, and all that changed since an instant, entry by entry.

An alert's entries stand in our own journal; those of a call, a notice and a voice log in the feeds
of those who speak. Implements API-049, CON-551.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from starlette.responses import Response

from crosstell.codecs.api import after, shown
from crosstell.codecs.shape import tag_of
from crosstell.core.ids import CallId, EntryRef, PartyId
from crosstell.core.instant import parse_instant
from crosstell.core.line.call import Call
from crosstell.core.line.watch.voice import VoiceLog, VoiceLogId
from crosstell.core.mechanism.after.changed import ALIKE, STAGES, is_told
from crosstell.core.mechanism.line.sides import sides_of
from crosstell.core.picture.notice import Notice
from crosstell.core.record.entry import parse
from crosstell.core.state.held import OfRecord, Unreadable
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import FeedState, State
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.serving import Asked, Serving, json_response, plain_bytes
from crosstell.shell.api.views import entries as of_entries
from crosstell.shell.api.views.answering import moment_of, rows_after
from crosstell.shell.node import Node
from crosstell.shell.rebuild import Void
from crosstell.shell.store.contract import Store, StoredEntry

LISTED_MAX = 200
PAGE = 500
PAGES_MAX = 40  # that are read back from the newest entry
Numbered = tuple[int, StoredEntry]  # by the order in which it came here
UNTOLD = frozenset(tag_of(event) for event in (*ALIKE, *STAGES))


async def history(serving: Serving, asked: Asked) -> Response:
    """The entries of the matter."""
    kind, party, name = (asked.request.path_params[one] for one in ("kind", "party", "id"))
    state, store = serving.state, serving.settings.store
    refs = tuple(dict.fromkeys(_refs(state, kind, PartyId(party), name)))
    if not refs:
        raise Unmet("not-found", f"no {kind} {name[:64]} of {party[:64]} is held here")
    kept = refs if len(refs) <= LISTED_MAX else (refs[0], *refs[1 - LISTED_MAX :])

    def read(node: Node, _now: datetime) -> tuple[tuple[StoredEntry, ...], Void]:
        return tuple(_row(store, ref) for ref in kept), node.rebuilt.void

    rows, void = await serving.look(read)
    told = shown.HistoryShown(
        kind=kind,
        id=name,
        entries=tuple(
            sorted(
                (of_entries.entry(state.setting, None, row, void) for row in rows),
                key=lambda one: one.entry_at,
            )
        ),
        left_out=len(refs) - len(kept),
    )
    return json_response(await serving.aside(plain_bytes, told))


async def changed(serving: Serving, asked: Asked) -> Response:
    """What changed since the instant that is asked for, the newest first. Implements CON-551."""
    text = asked.request.query_params.get("since", "")
    try:
        since = parse_instant(text[:64])
    except ValueError as fault:
        raise Unmet("bad-request", f"since: {fault}") from fault
    found: list[shown.EntryShown] = []
    end, is_whole = (await moment_of(serving)).arrivals, False
    for _ in range(PAGES_MAX):
        rows, void = await _rows_before(serving, end)
        told = partial(_told_since, serving.state.setting, rows, void, since)
        came, is_whole = await serving.aside(told)
        found, end = [*found, *came], max(0, end - PAGE)
        is_whole = is_whole or end == 0
        if is_whole or len(found) > LISTED_MAX:
            break
    is_all, listed = is_whole and len(found) <= LISTED_MAX, tuple(found[:LISTED_MAX])
    oldest = listed[-1].entry_at if listed else serving.now()
    shows = after.ChangedShown(since=since, entries=listed, more_before=None if is_all else oldest)
    return json_response(await serving.aside(plain_bytes, shows))


async def _rows_before(serving: Serving, end: int) -> tuple[list[Numbered], Void]:
    """The entries that came last up to that local number, the newest first, and which are void."""
    number, void = max(0, end - PAGE), serving.hub.void
    found: list[Numbered] = []
    while number < end:
        rows, _, void = await rows_after(serving, number, end - number)
        if not rows:
            break
        number, found = rows[-1][0], [*found, *rows]
    return found[::-1], void


def _told_since(
    setting: Setting, rows: list[Numbered], void: Void, since: datetime
) -> tuple[list[shown.EntryShown], bool]:
    """Those told of that came since then, and whether the rows reach back to what came before.

    Entries of others may be older than their coming: our own ones say when they came. Most are of
    kinds that are not told, and are not decoded.
    """
    found: list[shown.EntryShown] = []
    for number, row in rows:
        header = parse(row.leaf).header
        is_ours = setting.parties.get(row.feed) in (None, setting.party)
        if is_ours and of_entries.signed_at(header) <= since:
            return found, True
        if header.type not in UNTOLD:
            one = of_entries.entry(setting, number, row, void)
            if not isinstance(one.body, Unreadable | OfRecord) and is_told(one.body):
                found.append(one)
    return found, False


def _row(store: Store, ref: EntryRef) -> StoredEntry:
    return next(iter(store.entries(ref.feed, ref.seq, 1)))


def _refs(state: State, kind: str, party: PartyId, name: str) -> Iterator[EntryRef]:
    """The entries that the matter rests on, as the state holds them."""
    feed = state.feeds.get(party)
    own = party == state.setting.party
    if kind == "alert" and own:
        for alert in state.journal.alerts.values():
            if alert.shown is not None and alert.shown.alert == name:
                yield from (mark.ref for mark in alert.shown.trail)
    elif kind == "notice":
        held = () if feed is None else tuple(feed.notices.values())
        home = tuple(state.journal.notices.values()) if own else ()
        for notice in (one for one in (*held, *home) if one.notice == name):
            yield from _of_notice(state, notice)
    elif feed is not None:
        yield from _on_the_line(state, feed, kind, name)


def _on_the_line(state: State, feed: FeedState, kind: str, name: str) -> Iterator[EntryRef]:
    if kind == "call" and name in feed.calls:
        yield from _of_call(state, feed.calls[CallId(name)])
    elif kind == "log" and name in feed.voice_logs:
        yield from _of_log(feed.voice_logs[VoiceLogId(name)])


def _of_call(state: State, call: Call) -> Iterator[EntryRef]:
    sides = sides_of(state, call)
    yield from (version.ref for version in call.versions)
    if sides.acknowledgement is not None:
        yield from (stamp.ref for stamp, _ in sides.acknowledgement.marks)
    if sides.answers is not None:
        yield from (stamp.ref for stamp, _ in sides.answers.given)
    yield from (stamp.ref for stamp, _ in call.checks)
    yield from (stamp.ref for stamp in call.renewals)
    for log in (*sides.caller_logs, *sides.recipient_logs):
        yield from _of_log(log)
    ended = None if call.ended is None else call.ended[0]
    summary = None if call.summary is None else call.summary[0]
    yield from (stamp.ref for stamp in (call.lifted, summary, ended) if stamp is not None)


def _of_log(log: VoiceLog) -> Iterator[EntryRef]:
    """Every account of it, the first one and each correction."""
    yield log.logged_stamp.ref
    yield from (stamp.ref for stamp, _ in log.corrections)


def _of_notice(state: State, notice: Notice) -> Iterator[EntryRef]:
    yield from (version.stamp.ref for version in notice.versions)
    for feed in state.feeds.values():
        for version in notice.versions:
            status = feed.statuses.get(version.stamp.ref)
            if status is not None:
                yield from (stated.stamp.ref for stated in status.statements)
    if notice.withdrawal is not None:
        yield notice.withdrawal.stamp.ref
