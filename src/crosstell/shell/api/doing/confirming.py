"""Acts that wait for a second person: who confirms or drops them, and what became of them.

One of another role or watch confirms such an act with a session of their own. Where the answer to
that was lost, the record says what became of it, before anybody else does.
Implements API-022, API-447, API-481, API-482.
"""

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import Literal

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.wire import (
    Nothing,
    PendingList,
    PendingTold,
    Problem,
    Recorded,
    SettledTold,
)
from crosstell.core.errors import Refused, Unavailable
from crosstell.core.ids import RoleId
from crosstell.core.instant import format_instant, later
from crosstell.core.mechanism.inputs import Act, ActOnce
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.shell.access.audit import NOBODY, Deed
from crosstell.shell.access.pending import Begun, Pending, PendingState, PendingStep, Settled
from crosstell.shell.api.doing.acting import (
    Answer,
    Once,
    alone,
    answered_before,
    first_answer,
    note,
    record,
    response,
    tagged,
)
from crosstell.shell.api.doing.coming_in import check_own, given_of, second_of
from crosstell.shell.api.doing.second import FIELD, read_act, step_of_both, with_second
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.serving import Asked, Serving, wire_response


async def pending(serving: Serving, asked: Asked) -> Response:
    """Every act that waits, as it was asked; and what became of one's own. Implements CON-497."""
    await _settle_lost(serving, asked)
    await serving.aside(serving.access.pending.sweep, asked.at)
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
    digest = hashlib.sha256(waiting.id.encode()).digest()
    once = Once(account=waiting.account, key=_key_of(waiting), digest=digest)

    async def do(begun: Begun | None) -> Answer:
        before = None if begun is None else await _on_record(serving, asked, waiting, begun)
        return before or await _confirmed(serving, asked, waiting, second)

    answer = await first_answer(serving, asked, once, do)
    await serving.aside(serving.access.pending.sweep, asked.at)
    return response(answer)


async def drop(serving: Serving, asked: Asked) -> Response:
    """The act no longer waits: turned down, or taken back by who asked."""
    waiting = await _pending(serving, asked)
    async with alone(serving, (waiting.account, _key_of(waiting))):
        before = await _lost(serving, asked, waiting)
        if before is not None:
            raise _no_longer(waiting, before)
        if not await serving.aside(_dropped, serving, asked, waiting):
            raise Unmet("settled", f"act {waiting.id} no longer waits; look at the list again")
    await serving.aside(serving.access.pending.sweep, asked.at)
    own = waiting.account == asked.account.name
    return wire_response(Nothing(done="taken back" if own else "turned down"))


def _dropped(serving: Serving, asked: Asked, waiting: Pending) -> bool:
    by = asked.account.name
    done = serving.access.pending.step(waiting, PendingStep.DROP, second=by)
    if done:
        note(serving, asked, Deed.TURNED_DOWN, _about(waiting))
    return done


async def _confirmed(serving: Serving, asked: Asked, waiting: Pending, second: Speaker) -> Answer:
    acts, name = serving.access.pending, asked.account.name
    unfit = await serving.aside(_unfit, serving, waiting, asked.at)
    if waiting.waits(asked.at) and unfit is not None:
        raise Unmet("not-allowed", unfit)
    begun = waiting.waits(asked.at) and await serving.aside(
        acts.step, waiting, PendingStep.BEGIN, second=name
    )
    if not begun:
        raise Unmet("settled", f"act {waiting.id} no longer waits; ask for it anew")
    body = with_second(read_act(waiting.body), second)
    confirming = await serving.aside(acts.find, waiting.id)
    assert confirming is not None, "it was there just now"
    by = await serving.aside(_by, serving, waiting)
    step = PendingStep.UNANSWERED
    try:
        answer = await record(serving, asked, ActOnce(by=by, body=body, name=waiting.id), None)
        step = PendingStep.ANSWERED
    finally:
        await serving.aside(acts.step, confirming, step, second=name)
    await serving.aside(note, serving, asked, Deed.CONFIRMED, _about(waiting))
    return answer


async def _settle_lost(serving: Serving, asked: Asked) -> None:
    """Whatever lost its answer is told as the record has it, as far as the node can be asked."""
    with suppress(Unavailable):
        for waiting in await serving.aside(serving.access.pending.unanswered):
            name = (waiting.account, _key_of(waiting))
            if name not in serving.open_asks:  # else its answer may still come
                async with alone(serving, name):
                    await _lost(serving, asked, waiting)


async def _lost(serving: Serving, asked: Asked, waiting: Pending) -> Answer | None:
    """What the node made of an act whose answer was lost; None: nothing, and it never will.

    Whoever asks this is alone with the act, and the look waits behind all that was handed in.
    """
    acts, of = serving.access.pending, (waiting.account, _key_of(waiting))
    begun = await serving.aside(acts.begun, *of)
    if begun is None or begun.answer is not None:
        return None if begun is None else begun.answer
    found = await _on_record(serving, asked, waiting, begun)
    if found is None:
        await serving.aside(acts.forget, *of)
    return found


async def _on_record(
    serving: Serving, asked: Asked, waiting: Pending, begun: Begun
) -> Answer | None:
    """As `_lost`; where it is on record, that is kept as its answer. Implements API-481."""
    by = await serving.aside(_by, serving, waiting)
    given = ActOnce(by=by, body=read_act(waiting.body), name=waiting.id)
    found = await answered_before(serving, given, begun)
    if found is not None:
        await serving.aside(_keep, serving, asked, waiting, found)
    return found


def _keep(serving: Serving, asked: Asked, waiting: Pending, answer: Answer) -> None:
    """The act is confirmed, by whoever began that. The answer is kept last: until then, all this
    is done again.
    """
    acts = serving.access.pending
    for step in (PendingStep.BEGIN, PendingStep.ANSWERED):
        now = acts.find(waiting.id) or waiting
        acts.step(now, step, second=now.second)
    about = f"{_about(waiting)}: found on record, {answer[1].decode()}"
    by = waiting.second or NOBODY
    serving.access.audit.note(asked.at, Deed.CONFIRMED, by=by, address=NOBODY, about=about)
    acts.answered(waiting.account, _key_of(waiting), *answer)


def _no_longer(waiting: Pending, answer: Answer) -> Unmet:
    """The refusal to drop what a second person confirmed. Implements API-482."""
    status, body = answer
    if status >= 400:
        why = msgspec.json.decode(body, type=Problem).detail
        text = f"act {waiting.id} was confirmed, and the node refused it: {why}"
    elif named := msgspec.json.decode(body, type=Recorded).recorded:
        seq, feed = named[0].seq, named[0].feed
        text = f"act {waiting.id} was confirmed and is on record as entry {seq} of feed {feed}"
    else:
        text = f"act {waiting.id} was confirmed and is on record"
    return Unmet("settled", text)


def _about(waiting: Pending) -> str:
    return f"{waiting.kind} {waiting.id} of {waiting.account}"


def _key_of(waiting: Pending) -> str:
    """The key under which it is confirmed, of the account that asked for it."""
    return f"confirm:{waiting.id}"


def _unfit(serving: Serving, waiting: Pending, now: datetime) -> str | None:
    """Why whoever asked for the act is no person of it by now. Implements ACS-281."""
    first = serving.access.accounts.find(waiting.account)
    if first is None or first.account.disabled_at is not None:
        return "the account that asked for it is disabled; have another ask for it anew"
    given = serving.access.given.find(waiting.account)
    if given is not None and given.rests(now):
        return "the account that asked for it is no person of such an act yet; have another ask"
    return None


def _relieved_by(serving: Serving, waiting: Pending) -> str | None:
    """The watch that holds the role now, where it is not the one that asked. Implements ACS-282."""
    held = serving.state.journal.watches.get(RoleId(waiting.role))
    return None if held is None or held.watch == waiting.watch else held.watch


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


def _told(serving: Serving, one: Pending, asked: Asked) -> PendingTold:
    """The act as it was asked, with what it would do now. Implements API-447."""
    body = read_act(one.body)
    step = step_of_both(serving.state, Act(by=_by(serving, one), body=body), serving.now())
    refused = step.no.text if isinstance(step.no, Refused) else None
    return PendingTold(
        id=one.id,
        role=one.role,
        watch=one.watch,
        kind=one.kind,
        body=msgspec.Raw(msgspec.json.encode(tagged(body))),
        asked_at=format_instant(one.asked_at),
        expires_at=format_instant(one.expires_at),
        own=one.account == asked.account.name,
        given=given_of(serving, one.account, asked.at),
        relieved_by=_relieved_by(serving, one),
        lets_out=() if step.no else tuple(_let_out(each.body) for each in step.events[1:]),
        no=_unfit(serving, one, asked.at) or refused,
    )


def _let_out(body: Event) -> msgspec.Raw:
    """What goes out but for its second person, whom nobody is yet."""
    ((tag, said),) = tagged(body).items()
    assert isinstance(said, dict), "every event has fields"
    return msgspec.Raw(msgspec.json.encode({tag: {k: v for k, v in said.items() if k != FIELD}}))


def _settled(one: Settled, own: str) -> SettledTold | None:
    """What became of it; None while the answer to whoever confirmed it is not known yet."""
    if one.begun and one.answer is None and one.state is not PendingState.DROPPED:
        return None
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
