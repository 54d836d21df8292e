"""Acts over HTTP: who speaks is the session's, an act asked twice gets its first answer.

An act that needs a second person waits (confirming). Implements API-020 to API-025.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.wire import EntryNamed, NeedsSecond, Recorded
from crosstell.codecs.entry_body import encode, kind_of
from crosstell.codecs.plain import Plain, to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import Duplicate, Fatal, Refused, Unavailable
from crosstell.core.ids import EntryRef
from crosstell.core.instant import format_instant, later, to_us
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.mechanism.inputs import Act, ActOnce
from crosstell.core.mechanism.naming import resolve
from crosstell.core.state.events import Event
from crosstell.shell.access.audit import Deed
from crosstell.shell.access.pending import Begun, Pending
from crosstell.shell.api.doing.again import recorded_before
from crosstell.shell.api.doing.coming_in import check_own, check_recorded, speaker_of
from crosstell.shell.api.doing.second import needs_second, read_act
from crosstell.shell.api.problems import MEDIA_TYPE, Unmet, refused
from crosstell.shell.api.routes import KEY_HEADER
from crosstell.shell.api.serving import Asked, Serving
from crosstell.shell.node import Outcome

KEY_LENGTH_MAX = 64
WATCHES = (WatchTaken, WatchRelieved)

Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What is to be done once: under which key of which account, and a digest of what it is."""

    account: str
    key: str
    digest: bytes


async def act(serving: Serving, asked: Asked) -> Response:
    """The act is recorded, waits for a second person, or is refused."""
    by = speaker_of(serving, asked)
    body = read_act(asked.body)
    if isinstance(body, WATCHES):
        raise Unmet("not-fitting", "take or join a watch with POST /watch: it is the session's too")
    once = Once(account=asked.account.name, key=_key(asked), digest=_digest(body))

    async def do(begun: Begun | None) -> Answer:
        name = _name_of(once, asked.at if begun is None else begun.begun_at)
        waits = None if begun is None else await serving.aside(serving.access.pending.find, name)
        if waits is not None:
            return _told_to_wait(waits)
        state = serving.state
        if needs_second(state, Act(by=by, body=body), serving.now()):
            await check_own(serving, asked)
            named = resolve(state, body)
            assert not isinstance(named, Refused), "it lacks its second person alone"
            return await serving.aside(
                _wait_for_second, serving, asked, Act(by=by, body=named), name
            )
        return await record(serving, asked, ActOnce(by=by, body=body, name=name), begun)

    return response(await first_answer(serving, asked, once, do))


def _name_of(once: Once, begun_at: datetime) -> str:
    """One name for what was first asked for under that key then, however often it is asked again.

    An act that waits for a second person has it for its id.
    """
    named = f"{once.account}\n{once.key}\n{to_us(begun_at)}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _wait_for_second(serving: Serving, asked: Asked, act: Act, name: str) -> Answer:
    """The act waits, of the entries that it names now. Implements API-448."""
    waiting = Pending(
        id=name,
        account=asked.account.name,
        role=act.by.role,
        watch=act.by.watch,
        kind=kind_of(act.body),
        body=msgspec.json.encode({"body": tagged(act.body)}),
        asked_at=asked.at,
        expires_at=later(asked.at, by_s=serving.settings.limits.pending_s),
    )
    serving.access.pending.put(waiting, asked.at)
    note(serving, asked, Deed.ASKED_SECOND, f"{waiting.kind} {waiting.id}")
    return _told_to_wait(waiting)


def _told_to_wait(waiting: Pending) -> Answer:
    told = NeedsSecond(
        pending=waiting.id,
        needs="a second person, of another role or watch, to confirm it in their own session",
        expires_at=format_instant(waiting.expires_at),
    )
    return 202, msgspec.json.encode(told)


async def record(serving: Serving, asked: Asked, given: ActOnce, begun: Begun | None) -> Answer:
    """What the node made of the act. `begun`: it may be in the record already, since then."""
    answer = None if begun is None else await answered_before(serving, given, begun)
    if answer is None:
        answer = _answer(await serving.submit(given))
    deed = Deed.REFUSED if answer[0] >= 400 else Deed.ACTED
    about = f"{kind_of(given.body)} as {given.by.role} {given.by.watch}: {answer[1].decode()}"
    try:
        await serving.aside(note, serving, asked, deed, about)
    except (Unavailable, Fatal) as fault:
        text = f"the node has answered ({answer[0]}), and that stands; but it could not be noted: "
        raise Unavailable(f"{text}{fault}") from fault
    return answer


async def answered_before(serving: Serving, given: ActOnce, begun: Begun) -> Answer | None:
    """What the node made of the act since it was begun; None: nothing of it is on record."""
    found = await recorded_before(serving, given, begun.arrivals)
    if found is None:
        return None
    if isinstance(found, Refused):
        return _refusal(found)
    return 201, msgspec.json.encode(Recorded(recorded=(_named_of(found),)))


def _answer(outcome: Outcome) -> Answer:
    """The answer to an act. Raises Unavailable where nothing can be told of it yet."""
    check_recorded(outcome)
    if outcome.refused is not None:
        return _refusal(outcome.refused)
    if isinstance(outcome.no, Duplicate):
        told = Recorded(recorded=(), already=outcome.no.text)
        return 200, msgspec.json.encode(told)
    told = Recorded(recorded=tuple(_named_of(ref) for ref in outcome.recorded))
    return 201, msgspec.json.encode(told)


def _refusal(no: Refused) -> Answer:
    problem = refused(no)
    return problem.status, msgspec.json.encode(problem)


async def first_answer(
    serving: Serving, asked: Asked, once: Once, do: Callable[[Begun | None], Awaitable[Answer]]
) -> Answer:
    """The first answer to this key, given now or before. Implements API-023."""
    async with alone(serving, (once.account, once.key)):
        return await _first(serving, asked, once, do)


@asynccontextmanager
async def alone(serving: Serving, name: tuple[str, str]) -> AsyncIterator[None]:
    """Nobody else does anything under this key of that account meanwhile."""
    while (open_ask := serving.open_asks.get(name)) is not None:
        await asyncio.wait([open_ask])
    serving.open_asks[name] = mine = asyncio.get_running_loop().create_future()
    try:
        yield
    finally:
        del serving.open_asks[name]
        mine.set_result(None)


async def _first(
    serving: Serving, asked: Asked, once: Once, do: Callable[[Begun | None], Awaitable[Answer]]
) -> Answer:
    kept = serving.access.pending
    last = await serving.look(lambda _node, _now: serving.settings.store.last_arrival())
    begun = await serving.aside(
        kept.begin, once.account, once.key, asked=once.digest, arrivals=last, now=asked.at
    )
    if begun is not None and begun.digest != once.digest:
        text = f"the {KEY_HEADER} {once.key!r} was used for another act; draw a new one"
        raise Unmet("not-fitting", text)
    if begun is not None and begun.answer is not None:
        return begun.answer
    try:
        answer = await do(begun)
    except Unmet:
        if begun is None:
            await serving.aside(kept.forget, once.account, once.key)
        raise
    await serving.aside(kept.answered, once.account, once.key, *answer)
    return answer


def _key(asked: Asked) -> str:
    key = asked.request.headers.get(KEY_HEADER, "")
    if not 0 < len(key) <= KEY_LENGTH_MAX or not (key.isascii() and key.isprintable()):
        text = f"send the header {KEY_HEADER}, 1 to {KEY_LENGTH_MAX} printable characters, drawn "
        raise Unmet("bad-request", text + "anew for each act and kept for its repetition")
    if key.startswith("confirm:"):
        raise Unmet("bad-request", f"an {KEY_HEADER} may not begin with confirm:")
    return key


def _digest(body: Event) -> bytes:
    """One digest for one act, however its JSON was laid out."""
    try:
        return hashlib.sha256(encode(body, None)).digest()
    except ValueError as fault:
        raise Unmet("not-readable", str(fault)) from fault


def _named_of(ref: EntryRef) -> EntryNamed:
    return EntryNamed(feed=ref.feed, seq=ref.seq, hash=ref.hash)


def tagged(body: Event) -> dict[str, Plain]:
    """The act under its tag, in the form of results."""
    return {tag_of(type(body)): to_plain(body)}


def note(serving: Serving, asked: Asked, deed: Deed, about: str) -> None:
    """The deed of whoever asks is in the audit."""
    serving.access.audit.note(
        asked.at, deed, by=asked.account.name, address=asked.address, about=about
    )


def response(answer: Answer) -> Response:
    """The answer as it leaves."""
    status, body = answer
    media = MEDIA_TYPE if status >= 400 else "application/json"
    return Response(body, status, media_type=media)
