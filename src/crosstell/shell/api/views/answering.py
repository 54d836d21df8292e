"""The handlers of everything that is only looked at."""

from collections.abc import Callable

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.given import PlacesGiven
from crosstell.codecs.api.json_document import from_json
from crosstell.codecs.api.shown import Proof
from crosstell.codecs.api.wire import Fault
from crosstell.codecs.geo.paste import parse_places
from crosstell.codecs.geo.places import PlacesRefused
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import PlanFile
from crosstell.core.errors import Unavailable
from crosstell.core.ids import FeedId
from crosstell.core.instant import parse_instant
from crosstell.core.mechanism.after.papers import HeldPaper
from crosstell.core.record.note import parse_note
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.routes import Handler
from crosstell.shell.api.serving import Asked, Serving, json_response, plain_bytes
from crosstell.shell.api.taking import query_int
from crosstell.shell.api.views import entries as of_entries
from crosstell.shell.api.views.bracketing import gathered, traced
from crosstell.shell.api.views.finding import QUESTION_LENGTH_MAX, found
from crosstell.shell.api.views.held import Moment
from crosstell.shell.api.views.incidents import file_of
from crosstell.shell.api.views.plan import checked
from crosstell.shell.api.views.status import Around, inside, status
from crosstell.shell.clock import ExerciseClock
from crosstell.shell.node import Node
from crosstell.shell.rebuild import Void
from crosstell.shell.store.contract import Store, StoredEntry
from crosstell.shell.store.names import checkpoint_name

COUNT_MAX = 500  # entries of one page
COUNT_DEFAULT = 100
PAGE_BYTES_MAX = 2_000_000  # of signed headers and bodies; JSON makes more of them
ARRIVAL_MAX = 2**53 - 1


def of(view: Callable[[Moment], object]) -> Handler:
    """The handler that shows that view."""

    async def handler(serving: Serving, _asked: Asked) -> Response:
        moment = await moment_of(serving)
        return json_response(await serving.aside(lambda: plain_bytes(view(moment))))

    return handler


def of_file(view: Callable[[Moment, HeldPaper], object]) -> Handler:
    """The handler that shows that view of the incident's file that the path names."""

    async def handler(serving: Serving, asked: Asked) -> Response:
        moment, path = await moment_of(serving), asked.request.path_params

        def answer() -> bytes:
            return plain_bytes(view(moment, file_of(moment.state, path["party"], path["id"])))

        return json_response(await serving.aside(answer))

    return handler


async def moment_of(serving: Serving) -> Moment:
    """The state now, with the number of the newest entry in it."""
    store = serving.settings.store
    state, last, reads = await serving.look(
        lambda node, _now: (node.state, store.last_arrival(), node.reads)
    )
    return Moment(state=state, at=serving.now(), arrivals=last, reads=reads)


async def node_status(serving: Serving, _asked: Asked) -> Response:
    """How the node does. It is worked out aside: a disk may not answer. Implements RUN-567."""
    store, running = serving.settings.store, serving.settings.running
    state, told = await serving.look(lambda node, _now: (node.state, inside(node, store)))
    clock = serving.settings.clock
    trouble = clock.trouble()
    moment = Moment(state=state, at=serving.now(), arrivals=told.last)
    streams = len(serving.hub.mailboxes)

    def answer() -> bytes:
        around = Around(
            version=serving.settings.version,
            clock=trouble or "no trouble known",
            clock_fault=None if isinstance(clock, ExerciseClock) else trouble,
            streams=streams,
            running=None if running is None else running(),
            alarms=serving.sequencer.alarms(),
        )
        return plain_bytes(status(moment, told, around))

    return json_response(await serving.aside(answer))


async def screen(serving: Serving, asked: Asked) -> Response:
    """Everything that a watch sees, now or as it was known at an earlier moment. API-047."""
    text = asked.request.query_params.get("at")
    moment = await moment_of(serving) if text is None else await _earlier(serving, text)
    return json_response(await screen_bytes(serving, moment))


async def _earlier(serving: Serving, text: str) -> Moment:
    """What this party knew at a moment that has passed."""
    recall = serving.settings.recall
    if recall is None:
        raise Unavailable("this node was assembled without its past; look at the entries")
    try:
        at = parse_instant(text[:64])
    except ValueError as fault:
        raise Unmet("bad-request", f"at: {fault}") from fault
    if at > serving.now():
        raise Unmet("bad-request", "at: that moment has not come; leave it out for the present")
    async with serving.heavy:
        state, arrivals = await serving.aside(recall, at)
    return Moment(state=state, at=at, arrivals=arrivals)


async def screen_bytes(serving: Serving, moment: Moment) -> bytes:
    """The screen at that moment, as JSON, with the local sequence that it was made at.

    And with how often the node had read its record: what was asked for before may be another now.
    """
    make = serving.settings.screen
    if make is None:
        raise Unavailable("this node was assembled without a screen; look at the other views")

    def made() -> bytes:
        plain = to_plain(make(moment.state, moment.at))
        assert isinstance(plain, dict), "a screen is a record"
        return msgspec.json.encode({"arrivals": moment.arrivals, "reads": moment.reads, **plain})

    return await serving.aside(made)


async def search(serving: Serving, asked: Asked) -> Response:
    """What holds every word of the question."""
    question = asked.request.query_params.get("q", "")
    if not 0 < len(question) <= QUESTION_LENGTH_MAX or not question.strip():
        raise Unmet("bad-request", f"q: ask with 1 to {QUESTION_LENGTH_MAX} characters")
    state, at = serving.state, serving.now()
    return json_response(await serving.aside(lambda: plain_bytes(found(state, question, at))))


async def plan_check(serving: Serving, asked: Asked) -> Response:
    """What the plan does not clear. Nothing is filed."""
    state, at = serving.state, serving.now()

    def answer() -> bytes:
        return plain_bytes(checked(state, from_json(PlanFile, asked.body), at))

    async with serving.heavy:
        return json_response(await serving.aside(answer))


async def places(serving: Serving, asked: Asked) -> Response:
    """The places that pasted text says, or every fault. Nothing is filed."""

    def answer() -> bytes:
        given = from_json(PlacesGiven, asked.body)
        try:
            found = parse_places(given.text, given.choices)
        except ValueError as fault:
            raise Unmet("not-fitting", str(fault)) from fault
        if isinstance(found, PlacesRefused):
            faults = tuple(
                Fault(path=f"line {one.line}", text=one.text, needs=one.needs)
                for one in found.faults
            )
            raise Unmet("not-readable", faults[0].text, faults=faults)
        return plain_bytes(found)

    return json_response(await serving.aside(answer))


async def entries(serving: Serving, asked: Asked) -> Response:
    """A page of entries, after a local number."""
    after = query_int(asked, "after", default=0, most=ARRIVAL_MAX)
    count = query_int(asked, "count", default=COUNT_DEFAULT, most=COUNT_MAX)
    rows, last, void = await rows_after(serving, after, count)
    setting = serving.state.setting
    return json_response(
        await serving.aside(lambda: plain_bytes(of_entries.page(setting, rows, last, void)))
    )


async def rows_after(
    serving: Serving, after: int, count: int
) -> tuple[tuple[tuple[int, StoredEntry], ...], int, Void]:
    """The next entries after that local number, the number of the newest, and which are void.

    No more than a page of bytes at once, but always one.
    """
    store = serving.settings.store
    return await serving.look(
        lambda node, _now: (_page(store, after, count), store.last_arrival(), node.rebuilt.void)
    )


def _page(store: Store, after: int, count: int) -> tuple[tuple[int, StoredEntry], ...]:
    found: list[tuple[int, StoredEntry]] = []
    room = PAGE_BYTES_MAX
    for number, row in store.arrivals(after, count):
        room -= len(row.leaf) + len(row.body or b"")
        if found and room < 0:
            break
        found.append((number, row))
    return tuple(found)


async def entry(serving: Serving, asked: Asked) -> Response:
    """One entry with what proves it, as far as it is held."""
    feed, seq = FeedId(asked.request.path_params["feed"]), int(asked.request.path_params["seq"])
    setting, store = serving.state.setting, serving.settings.store
    if feed not in (setting.journal, *(name for _, name in setting.feeds)):
        raise Unmet("not-found", "no feed of that name is held here")
    row, key, proof, order, void = await serving.look(
        lambda node, _now: (
            next(iter(store.entries(feed, seq, 1)), None),
            _key_at(node, feed, seq),
            _proof(node, store, feed, seq),
            gathered(node, store, feed, seq),
            node.rebuilt.void,
        )
    )
    if row is None:
        size = serving.settings.store.size(feed)
        raise Unmet("not-found", f"feed {feed} holds {size} entries; there is no number {seq}")
    told = of_entries.entry(setting, None, row, void)

    def answer() -> bytes:
        beside = of_entries.Beside(key=key, proof=proof, traced=traced(order))
        return plain_bytes(of_entries.whole(told, row, beside))

    return json_response(await serving.aside(answer))


def _key_at(node: Node, feed: FeedId, seq: int) -> bytes | None:
    """The key that signed the entry, if the feed is verified so far."""
    head = node.rebuilt.log(feed).head
    return None if head is None or seq >= head.size else head.keys.key_at(seq)


def _proof(node: Node, store: Store, feed: FeedId, seq: int) -> Proof | None:
    """The proof of the entry in the newest checkpoint that is held of its feed."""
    note = store.blob(checkpoint_name(feed))
    return None if note is None else of_entries.proof(seq, parse_note(note), node.rebuilt.log(feed))
