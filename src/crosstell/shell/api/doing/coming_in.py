"""Sessions over HTTP: come in, look at one's session, go out, take the watch."""

from datetime import datetime

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.wire import ComeIn, Nothing, SessionTold, TakeWatch, WatchTold
from crosstell.core.errors import Duplicate
from crosstell.core.ids import RoleId
from crosstell.core.instant import format_instant, later, seconds_between
from crosstell.core.line.watch.relief import Watch, WatchRelieved, WatchTaken
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.shell.access.access import CameIn, Given
from crosstell.shell.access.account import Account
from crosstell.shell.access.audit import Deed
from crosstell.shell.access.sessions import Session
from crosstell.shell.api.problems import AtFault, Unmet, refused, response_of
from crosstell.shell.api.serving import Asked, Serving, wire_response
from crosstell.shell.api.taking import set_cookie
from crosstell.shell.node import Outcome

LOGIN_WAITERS_MAX = 32  # more than can be answered soon: they are told to come again


async def come_in(serving: Serving, asked: Asked) -> Response:
    """A session, for whoever proves an account."""
    wait_s = serving.logins.wait_s(asked.address, asked.at)
    if wait_s > 0.0:
        raise Unmet("too-often", "too many tries from this address; wait", wait_s=wait_s)
    given = msgspec.json.decode(asked.body, type=ComeIn)
    if serving.waiting_logins >= LOGIN_WAITERS_MAX:
        raise Unmet("unavailable", "too many are coming in at once; try again", wait_s=1.0)
    serving.waiting_logins += 1
    try:
        async with serving.at_once:
            found = await serving.aside(
                serving.access.come_in,
                Given(account=given.account, password=given.password, code=given.code),
                address=asked.address,
                now=asked.at,
            )
    finally:
        serving.waiting_logins -= 1
    if not isinstance(found, CameIn):
        if found.wait_s > 0.0:
            text = "this account was tried too often from here; wait, then try again"
            raise Unmet("too-often", text, wait_s=found.wait_s)
        raise Unmet("kept-out", "check the account, the password and the code, and try again")
    await serving.aside(_end_former, serving, asked, found)
    told = await serving.aside(_told, serving, found.account, found.session, asked.at)
    response = wire_response(told, 201)
    set_cookie(serving, response, found.secret)
    return response


def _end_former(serving: Serving, asked: Asked, found: CameIn) -> None:
    """The account's session that this browser had before is over: its cookie is replaced."""
    secret = asked.request.cookies.get(serving.cookie)
    former = None if secret is None else serving.access.sessions.find(secret, asked.at)
    if former is not None and former.account == found.account.name:
        serving.access.go_out(former, address=asked.address, now=asked.at)


async def show(serving: Serving, asked: Asked) -> Response:
    """The session as it is."""
    return wire_response(
        await serving.aside(_told, serving, asked.account, asked.session, asked.at)
    )


async def go_out(serving: Serving, asked: Asked) -> Response:
    """The session is over."""
    await serving.aside(serving.access.go_out, asked.session, address=asked.address, now=asked.at)
    response = wire_response(Nothing(done="logged out"))
    response.delete_cookie(serving.cookie, path="/", httponly=True, samesite="strict")
    return response


async def take_watch(serving: Serving, asked: Asked) -> Response:
    """The session speaks on a watch from now. Implements API-024, API-446, API-456."""
    given = msgspec.json.decode(asked.body or b"{}", type=TakeWatch)
    role = asked.account.role
    if role is None:
        raise Unmet("not-allowed", f"an account of kind {asked.account.kind} stands no watch")
    held = serving.state.journal.watches.get(role)
    relieved = None
    if given.how == "join":
        if held is None:
            raise Unmet("off-watch", f"nobody holds the watch of {role}; take it")
        watch = held.watch
    elif held is not None and held.watch == asked.session.watch and _asks_nothing_new(given, held):
        watch = held.watch
    else:
        watch = given.watch or next_watch(held)
        relieved = given.relieves
        outcome = await _relieve(serving, role, watch, given)
        check_recorded(outcome)
        if outcome.refused is not None:
            return response_of(refused(outcome.refused))
    await serving.aside(_take, serving, asked, role, watch)
    response = wire_response(WatchTold(role=role, watch=watch, relieved=relieved))
    turned = await serving.aside(
        serving.access.sessions.turned, asked.session, asked.at, at_once=True
    )
    if turned is not None:
        set_cookie(serving, response, turned)
    return response


def _asks_nothing_new(given: TakeWatch, held: Watch) -> bool:
    """Whether who stands on that watch asks for it again: not for a number, nor to relieve it."""
    return given.watch is None and given.relieves != held.watch


async def _relieve(serving: Serving, role: RoleId, watch: str, given: TakeWatch) -> Outcome:
    """What came of it. Where none is named, the tables let a vacant watch alone be taken."""
    by = Speaker(party=serving.state.setting.party, role=role, watch=watch)
    try:
        body = (
            WatchTaken(role=role, watch=watch)
            if given.relieves is None
            else WatchRelieved(
                role=role,
                from_watch=given.relieves,
                to_watch=watch,
                briefed=given.briefed,
            )
        )
    except ValueError as fault:
        raise Unmet("not-fitting", str(fault)) from fault
    return await serving.submit(Act(by=by, body=body))


def check_recorded(outcome: Outcome) -> None:
    """AtFault where nothing of it is on record, not even that it was refused. API-026."""
    if outcome.recorded or isinstance(outcome.no, Duplicate):
        return
    why = outcome.fault or "it gave no reason; look at its status"
    if outcome.refused is not None:
        why = f"{why}. It would be refused, and that is not recorded either: {outcome.refused.text}"
    raise AtFault(why, in_doubt=outcome.in_doubt)


def _take(serving: Serving, asked: Asked, role: RoleId, watch: str) -> None:
    serving.access.sessions.take_watch(asked.session, role=role, watch=watch)
    serving.access.audit.note(
        asked.at,
        Deed.WATCH_TAKEN,
        by=asked.account.name,
        address=asked.address,
        about=f"{role}, watch {watch}",
    )


def next_watch(held: Watch | None) -> str:
    """The number of the next watch: one more than the highest that this role ever had."""
    if held is None:
        return "1"
    events = [event for _, event in held.reliefs]
    numbers = [event.watch if isinstance(event, WatchTaken) else event.to_watch for event in events]
    return str(max((int(one) for one in numbers if one.isdigit() and len(one) < 10), default=0) + 1)


def speaker_of(serving: Serving, asked: Asked) -> Speaker:
    """Who speaks, from the session alone: the party, the account's role, the watch it took.

    Implements API-020.
    """
    speaker = second_of(serving, asked)
    held = serving.state.journal.watches.get(speaker.role)
    if held is None or held.watch != speaker.watch:
        on = "nobody" if held is None else f"watch {held.watch}"
        text = f"watch {speaker.watch} of {speaker.role} was relieved, {on} has it; take or join it"
        raise Unmet("off-watch", text)
    return speaker


def second_of(serving: Serving, asked: Asked) -> Speaker:
    """As `speaker_of`, but on a watch that may have been relieved: to confirm, that is enough."""
    role, watch = asked.account.role, asked.session.watch
    if role is None or watch is None:
        raise Unmet("off-watch", "this session stands on no watch; take the watch, or join it")
    return Speaker(
        party=serving.state.setting.party,
        role=role,
        watch=watch,
        component=asked.account.component,
    )


def given_of(serving: Serving, account: str, now: datetime) -> str | None:
    """Who else gave that account its password, in words; None if nobody did. ACS-017."""
    found = serving.access.given.find(account)
    return None if found is None else found.text(now)


async def check_own(serving: Serving, asked: Asked) -> None:
    """Unmet unless the account may be one of the two persons of an act. Implements ACS-017."""
    found = await serving.aside(serving.access.given.find, asked.account.name)
    if found is not None and found.rests(asked.at):
        raise Unmet("not-allowed", found.text(asked.at))


def _told(serving: Serving, account: Account, session: Session, now: datetime) -> SessionTold:
    limits = serving.access.sessions.limits
    held = None if account.role is None else serving.state.journal.watches.get(account.role)
    given = serving.access.given.find(account.name)
    setting = serving.state.setting
    listed = setting.protocol.party(setting.party)
    return SessionTold(
        account=account.name,
        kind=account.kind.value,
        csrf=session.csrf,
        party=setting.party,
        title=setting.party if listed is None else listed.title,
        reality=setting.reality.value,
        opened_at=format_instant(session.opened_at),
        ends_at=format_instant(later(session.opened_at, by_s=limits.absolute_s)),
        idle_s=limits.idle_s,
        ends_in_s=max(0.0, limits.absolute_s - seconds_between(session.opened_at, now)),
        idles_in_s=max(0.0, limits.idle_s - seconds_between(session.seen_at, now)),
        role=account.role,
        component=account.component,
        watch=session.watch,
        on_watch=None if held is None else held.watch,
        given=None if given is None else given.text(now),
        rests=given is not None and given.rests(now),
    )
