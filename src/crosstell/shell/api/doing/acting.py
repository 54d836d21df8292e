"""Acts over HTTP: who speaks is the session's, an act asked twice gets its first answer.

An act that needs a second person waits until one of another role or watch confirms it with a
session of their own. Implements API-020 to API-025.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.wire import (
    EntryNamed,
    NeedsSecond,
    Nothing,
    PendingList,
    PendingTold,
    Problem,
    Recorded,
    SettledTold,
)
from crosstell.codecs.entry_body import encode, kind_of
from crosstell.codecs.plain import Plain, to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import Duplicate, Fatal, Refused, Unavailable
from crosstell.core.ids import EntryRef, RoleId
from crosstell.core.instant import format_instant, later, to_us
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.mechanism.inputs import Act, ActOnce
from crosstell.core.mechanism.naming import resolve
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.shell.access.audit import Deed
from crosstell.shell.access.pending import Begun, Pending, PendingState, PendingStep, Settled
from crosstell.shell.api.doing.again import recorded_before
from crosstell.shell.api.doing.coming_in import (
    check_own,
    check_recorded,
    given_of,
    second_of,
    speaker_of,
)
from crosstell.shell.api.doing.second import (
    FIELD,
    needs_second,
    read_act,
    step_of_both,
    with_second,
)
from crosstell.shell.api.problems import MEDIA_TYPE, Unmet, refused
from crosstell.shell.api.serving import Asked, Serving, wire_response
from crosstell.shell.node import Outcome

KEY_HEADER = "Idempotency-Key"
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
        return await _record(serving, asked, ActOnce(by=by, body=body, name=name), begun)

    return _response(await _once(serving, asked, once, do))


async def pending(serving: Serving, asked: Asked) -> Response:
    """Every act that waits, as it was asked; and what became of one's own. Implements CON-497."""
    found = await serving.aside(serving.access.pending.waiting, asked.at)
    own = asked.account.name
    told = await serving.aside(lambda: tuple(_told(serving, one, asked) for one in found))
    since = later(asked.at, by_s=-2.0 * serving.settings.limits.pending_s)
    over = await serving.aside(serving.access.pending.settled, own, since, asked.at)
    settled = tuple(filter(None, (_settled(one, own) for one in over)))
    return wire_response(PendingList(pending=told, settled=settled))


async def confirm(serving: Serving, asked: Asked) -> Response:
    """The act is recorded with this session's speaker as its second person."""
    second = second_of(serving, asked)
    waiting = await _pending(serving, asked)
    if waiting.account == asked.account.name:
        raise Unmet("not-allowed", "whoever asked for an act cannot be its second person")
    if (waiting.role, waiting.watch) == (second.role, second.watch):
        text = f"the second person is of another role or watch than {second.role} {second.watch}"
        raise Unmet("not-allowed", text)
    await check_own(serving, asked)
    digest = hashlib.sha256(waiting.body).digest()
    once = Once(account=waiting.account, key=f"confirm:{waiting.id}", digest=digest)

    async def do(begun: Begun | None) -> Answer:
        return await _confirmed(serving, asked, waiting, second, begun)

    return _response(await _once(serving, asked, once, do))


async def drop(serving: Serving, asked: Asked) -> Response:
    """The act no longer waits: turned down, or taken back by who asked."""
    waiting = await _pending(serving, asked)
    own = waiting.account == asked.account.name

    def dropped() -> bool:
        by = asked.account.name
        done = serving.access.pending.step(waiting, PendingStep.DROP, second=by)
        if done:
            about = f"{waiting.kind} {waiting.id} of {waiting.account}"
            _note(serving, asked, Deed.TURNED_DOWN, about)
        return done

    if not await serving.aside(dropped):
        raise Unmet("settled", f"act {waiting.id} no longer waits; look at the list again")
    return wire_response(Nothing(done="taken back" if own else "turned down"))


async def _confirmed(
    serving: Serving, asked: Asked, waiting: Pending, second: Speaker, begun: Begun | None
) -> Answer:
    body = with_second(read_act(waiting.body), second)
    steps = serving.access.pending.step
    if not waiting.waits(asked.at) or not await serving.aside(steps, waiting, PendingStep.BEGIN):
        raise Unmet("settled", f"act {waiting.id} no longer waits; ask for it anew")
    confirming = await serving.aside(serving.access.pending.find, waiting.id)
    assert confirming is not None, "it was there just now"
    by = await serving.aside(_by, serving, waiting)
    step, name = PendingStep.UNANSWERED, asked.account.name
    try:
        answer = await _record(serving, asked, ActOnce(by=by, body=body, name=waiting.id), begun)
        step = PendingStep.ANSWERED
    finally:
        await serving.aside(steps, confirming, step, second=name)
    about = f"{waiting.kind} {waiting.id} of {waiting.account}"
    await serving.aside(_note, serving, asked, Deed.CONFIRMED, about)
    return answer


def _by(serving: Serving, waiting: Pending) -> Speaker:
    """Who asked for the act."""
    kept = serving.access.accounts.find(waiting.account)
    return Speaker(
        party=serving.state.setting.party,
        role=RoleId(waiting.role),
        watch=waiting.watch,
        component=None if kept is None else kept.account.component,
    )


async def _pending(serving: Serving, asked: Asked) -> Pending:
    name = str(asked.request.path_params["id"])
    found = await serving.aside(serving.access.pending.find, name)
    if found is None:
        raise Unmet("not-found", f"no act {name[:64]!r} waits; look at the list")
    return found


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
        body=msgspec.json.encode({"body": _tagged(act.body)}),
        asked_at=asked.at,
        expires_at=later(asked.at, by_s=serving.settings.limits.pending_s),
    )
    serving.access.pending.put(waiting, asked.at)
    _note(serving, asked, Deed.ASKED_SECOND, f"{waiting.kind} {waiting.id}")
    return _told_to_wait(waiting)


def _told_to_wait(waiting: Pending) -> Answer:
    told = NeedsSecond(
        pending=waiting.id,
        needs="a second person, of another role or watch, to confirm it in their own session",
        expires_at=format_instant(waiting.expires_at),
    )
    return 202, msgspec.json.encode(told)


async def _record(serving: Serving, asked: Asked, given: ActOnce, begun: Begun | None) -> Answer:
    """What the node made of the act. `begun`: it may be in the record already, since then."""
    found = None
    if begun is not None:
        found = await recorded_before(serving, given, begun.arrivals)
    if isinstance(found, Refused):
        answer = _refusal(found)
    elif found is not None:
        answer = 201, msgspec.json.encode(Recorded(recorded=(_named(found),)))
    else:
        answer = _answer(await serving.submit(given))
    deed = Deed.REFUSED if answer[0] >= 400 else Deed.ACTED
    about = f"{kind_of(given.body)} as {given.by.role} {given.by.watch}: {answer[1].decode()}"
    try:
        await serving.aside(_note, serving, asked, deed, about)
    except (Unavailable, Fatal) as fault:
        text = f"the node has answered ({answer[0]}), and that stands; but it could not be noted: "
        raise Unavailable(f"{text}{fault}") from fault
    return answer


def _answer(outcome: Outcome) -> Answer:
    """The answer to an act. Raises Unavailable where nothing can be told of it yet."""
    check_recorded(outcome)
    if outcome.refused is not None:
        return _refusal(outcome.refused)
    if isinstance(outcome.no, Duplicate):
        told = Recorded(recorded=(), already=outcome.no.text)
        return 200, msgspec.json.encode(told)
    told = Recorded(recorded=tuple(_named(ref) for ref in outcome.recorded))
    return 201, msgspec.json.encode(told)


def _refusal(no: Refused) -> Answer:
    problem = refused(no)
    return problem.status, msgspec.json.encode(problem)


async def _once(
    serving: Serving, asked: Asked, once: Once, do: Callable[[Begun | None], Awaitable[Answer]]
) -> Answer:
    """The first answer to this key, given now or before. Implements API-023."""
    name = (once.account, once.key)
    while (open_ask := serving.open_asks.get(name)) is not None:
        await asyncio.wait([open_ask])
    serving.open_asks[name] = mine = asyncio.get_running_loop().create_future()
    try:
        return await _first(serving, asked, once, do)
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


def _named(ref: EntryRef) -> EntryNamed:
    return EntryNamed(feed=ref.feed, seq=ref.seq, hash=ref.hash)


def _told(serving: Serving, one: Pending, asked: Asked) -> PendingTold:
    """The act as it was asked, with what it would do now. Implements API-447."""
    body = read_act(one.body)
    step = step_of_both(serving.state, Act(by=_by(serving, one), body=body), serving.now())
    return PendingTold(
        id=one.id,
        role=one.role,
        watch=one.watch,
        kind=one.kind,
        body=msgspec.Raw(msgspec.json.encode(_tagged(body))),
        asked_at=format_instant(one.asked_at),
        expires_at=format_instant(one.expires_at),
        own=one.account == asked.account.name,
        given=given_of(serving, one.account, asked.at),
        lets_out=() if step.no else tuple(_let_out(each.body) for each in step.events[1:]),
        no=step.no.text if isinstance(step.no, Refused) else None,
    )


def _tagged(body: Event) -> dict[str, Plain]:
    return {tag_of(type(body)): to_plain(body)}


def _let_out(body: Event) -> msgspec.Raw:
    """What goes out but for its second person, whom nobody is yet."""
    ((tag, said),) = _tagged(body).items()
    assert isinstance(said, dict), "every event has fields"
    return msgspec.Raw(msgspec.json.encode({tag: {k: v for k, v in said.items() if k != FIELD}}))


def _settled(one: Settled, own: str) -> SettledTold | None:
    """What became of it; None while the answer to whoever confirmed it is not kept yet."""
    if one.state is PendingState.WAITING:
        return SettledTold(id=one.id, kind=one.kind, how="expired")
    if one.state is PendingState.DROPPED:
        how: Literal["taken-back", "turned-down"] = (
            "taken-back" if one.second == own else "turned-down"
        )
        return SettledTold(id=one.id, kind=one.kind, how=how)
    if one.answer is None:
        return None
    status, body = one.answer
    if status >= 400:
        why = msgspec.json.decode(body, type=Problem).detail
        return SettledTold(id=one.id, kind=one.kind, how="refused", why=why)
    recorded = msgspec.json.decode(body, type=Recorded).recorded
    return SettledTold(id=one.id, kind=one.kind, how="confirmed", recorded=recorded)


def _note(serving: Serving, asked: Asked, deed: Deed, about: str) -> None:
    serving.access.audit.note(
        asked.at, deed, by=asked.account.name, address=asked.address, about=about
    )


def _response(answer: Answer) -> Response:
    status, body = answer
    media = MEDIA_TYPE if status >= 400 else "application/json"
    return Response(body, status, media_type=media)
