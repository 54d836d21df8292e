"""Sessions, tokens and what waits for a second person (docs/spec/access.md)."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from api_desk import CHEAP, PASSWORD, WALL

from crosstell.core.errors import CallerError
from crosstell.core.table import Verdict
from crosstell.shell.access.access import Access, CameIn, Given
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.pending import (
    PENDING_MAX,
    PENDING_TABLE,
    Pending,
    PendingActs,
    PendingState,
    PendingStep,
)
from crosstell.shell.access.sessions import SESSIONS_MAX
from crosstell.shell.access.tokens import TOKENS_MAX


def made(path: Path | None = None) -> Access:
    found = Access(path, passwords=CHEAP)
    if found.accounts.find("olga") is None:
        found.make_account(
            "olga", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        found.make_account("radar", AccountKind.SYSTEM, now=WALL)
    return found


def opened(access: Access, after_s: float = 0.0) -> CameIn:
    given = Given(account="olga", password=PASSWORD)
    found = access.come_in(given, address="192.0.2.1", now=WALL + timedelta(seconds=after_s))
    assert isinstance(found, CameIn)
    return found


def after(seconds: float) -> "timedelta":
    return timedelta(seconds=seconds)


def test_acs_020_a_secret_is_kept_as_a_digest_and_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "access.sqlite"
    access = made(path)
    assert path.stat().st_mode & 0o077 == 0, "its owner alone may read it"
    found = opened(access)
    token, _ = access.make_token("radar", lasts_s=60.0, now=WALL)
    access.close()
    stored = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    for secret in (found.secret, token, PASSWORD):
        assert secret.encode() not in stored
    again = made(path)
    held = again.sessions.find(found.secret, WALL)
    assert held is not None
    assert held.id == found.session.id
    again.close()


def test_acs_020_the_oldest_of_too_many_sessions_ends() -> None:
    access = made()
    first = opened(access)
    rest = [opened(access, after_s=n) for n in range(1, SESSIONS_MAX + 1)]
    now = WALL + after(100)
    assert access.sessions.find(first.secret, now) is None
    assert all(access.sessions.find(one.secret, now) for one in rest)


def test_acs_021_a_session_ends_after_twelve_hours_used_or_not() -> None:
    access = made()
    found = opened(access)
    access.sessions.used(found.session, WALL + after(43_100))
    assert access.sessions.find(found.secret, WALL + after(43_199)) is not None
    assert access.sessions.find(found.secret, WALL + after(43_200)) is None
    assert not access.sessions.stands(found.session.id, WALL + after(43_200))


def test_acs_022_a_session_is_idle_after_an_hour_without_use() -> None:
    access = made()
    found = opened(access)
    assert not access.sessions.is_idle(found.session, WALL + after(3_599))
    assert access.sessions.is_idle(found.session, WALL + after(3_600))
    access.sessions.used(found.session, WALL + after(3_599))
    held = access.sessions.find(found.secret, WALL + after(3_600))
    assert held is not None
    assert not access.sessions.is_idle(held, WALL + after(7_000))
    assert access.sessions.stands(found.session.id, WALL + after(40_000)), "it may still look"


def test_acs_023_the_secret_turns_and_the_one_before_is_good_for_a_minute() -> None:
    access = made()
    found = opened(access)
    sessions = access.sessions
    assert sessions.turned(found.session, WALL + after(899)) is None
    at = WALL + after(900)
    fresh = sessions.turned(found.session, at)
    assert fresh is not None
    assert sessions.turned(found.session, at) is None, "a request beside it turned it first"
    for secret in (found.secret, fresh):
        assert sessions.find(secret, at + after(59)) is not None
    assert sessions.find(found.secret, at + after(60)) is None
    held = sessions.find(fresh, at + after(60))
    assert held is not None
    assert sessions.turned(held, at + after(61), at_once=True) is not None


def test_acs_024_a_session_that_was_ended_opens_nothing() -> None:
    access = made()
    found = opened(access)
    fresh = access.sessions.turned(found.session, WALL + after(900))
    assert fresh is not None
    access.go_out(found.session, address="192.0.2.1", now=WALL + after(901))
    for secret in (found.secret, fresh, "", "x" * 10_000, "\ud800"):
        assert access.sessions.find(secret, WALL + after(902)) is None
    assert not access.sessions.stands(found.session.id, WALL + after(902))


def test_acs_274_a_session_that_ran_out_days_ago_is_told_so_and_one_that_was_ended_forgotten() -> (
    None
):
    access = made()
    lapsed, ended = opened(access), opened(access)
    access.sessions.end(ended.session.id, WALL + after(1))
    opened(access, after_s=7 * 86_400.0)
    assert access.sessions.has_lapsed(lapsed.secret)
    assert not access.sessions.has_lapsed(ended.secret)
    assert access.sessions._database.row("SELECT count(*) FROM session") == (2,)


def test_acs_030_a_token_is_for_systems_and_told_once() -> None:
    access = made()
    secret, token = access.make_token("radar", lasts_s=3_600.0, now=WALL)
    assert secret.startswith("xst_")
    assert len(secret) == 4 + 43
    assert secret not in repr(access.tokens.of("radar"))
    assert access.tokens.of("radar") == (token,)
    with pytest.raises(CallerError, match="no system"):
        access.make_token("olga", lasts_s=3_600.0, now=WALL)
    for bad in (0.0, -1.0, 367 * 86_400.0, float("nan")):
        with pytest.raises(CallerError, match="lasts"):
            access.make_token("radar", lasts_s=bad, now=WALL)
    for _ in range(TOKENS_MAX - 1):
        access.make_token("radar", lasts_s=3_600.0, now=WALL)
    with pytest.raises(CallerError, match="revoke one"):
        access.make_token("radar", lasts_s=3_600.0, now=WALL)


def test_acs_031_a_token_that_is_revoked_or_expired_opens_nothing() -> None:
    access = made()
    secret, _ = access.make_token("radar", lasts_s=60.0, now=WALL)
    other, revoked = access.make_token("radar", lasts_s=60.0, now=WALL)
    assert access.tokens.find(secret, WALL + after(59)) is not None
    assert access.tokens.find(secret, WALL + after(60)) is None
    access.revoke_token("radar", revoked.id, now=WALL)
    assert access.tokens.find(other, WALL + after(1)) is None
    with pytest.raises(CallerError, match="no token"):
        access.revoke_token("olga", revoked.id, now=WALL)


def waiting(name: str = "p-1") -> Pending:
    return Pending(
        id=name,
        account="olga",
        role="duty-officer",
        watch="1",
        kind="notice_filed",
        body=b"{}",
        asked_at=WALL,
        expires_at=WALL + after(900),
    )


def test_acs_041_every_pair_of_a_pending_act_is_decided() -> None:
    moves = {pair: to for pair, to in PENDING_TABLE.rows.items() if not isinstance(to, Verdict)}
    state, step = PendingState, PendingStep
    assert moves == {
        (state.WAITING, step.BEGIN): state.CONFIRMING,
        (state.WAITING, step.DROP): state.DROPPED,
        (state.CONFIRMING, step.ANSWERED): state.CONFIRMED,
        (state.CONFIRMING, step.UNANSWERED): state.WAITING,
    }
    assert set(PENDING_TABLE.rows) == set(product(PendingState, PendingStep))


def pending_acts() -> PendingActs:
    return made().pending


def test_acs_040_of_two_who_confirm_at_once_one_does() -> None:
    kept = pending_acts()
    kept.put(waiting(), WALL)
    seen = kept.find("p-1")
    assert seen is not None
    assert kept.step(seen, PendingStep.BEGIN)
    assert not kept.step(seen, PendingStep.BEGIN), "somebody was quicker"
    assert not kept.step(seen, PendingStep.DROP)
    begun = kept.find("p-1")
    assert begun is not None
    assert kept.waiting(WALL) == ()
    assert kept.step(begun, PendingStep.ANSWERED, second="dmitri")
    confirmed = kept.find("p-1")
    assert confirmed is not None
    assert not any(kept.step(confirmed, step) for step in PendingStep)


def test_acs_040_it_expires_and_no_more_wait_than_can_be_read() -> None:
    kept = pending_acts()
    kept.put(waiting(), WALL)
    assert kept.waiting(WALL + after(899)) != ()
    assert kept.waiting(WALL + after(900)) == ()
    assert not waiting().waits(WALL + after(900))
    for number in range(PENDING_MAX - 1):
        kept.put(waiting(f"q-{number}"), WALL)
    with pytest.raises(CallerError, match="wait for a second person"):
        kept.put(waiting("one-more"), WALL)
    kept.put(replace(waiting("later"), expires_at=WALL + after(2_000)), WALL + after(900))


def test_acs_040_what_was_being_confirmed_when_the_node_stopped_waits_again(
    tmp_path: Path,
) -> None:
    access = made(tmp_path / "a.sqlite")
    access.pending.put(waiting(), WALL)
    access.pending.step(waiting(), PendingStep.BEGIN)
    access.close()
    again = made(tmp_path / "a.sqlite")
    assert again.pending.waiting(WALL) == (), "another process, such as a command, changes nothing"
    again.pending.begin_anew()
    assert [one.id for one in again.pending.waiting(WALL)] == ["p-1"]
    again.close()


def test_acs_045_the_first_answer_stays_across_restarts(tmp_path: Path) -> None:
    access = made(tmp_path / "a.sqlite")
    begin = access.pending.begin
    assert begin("olga", "k", asked=b"1", arrivals=7, now=WALL) is None
    unanswered = begin("olga", "k", asked=b"1", arrivals=9, now=WALL)
    assert unanswered is not None
    assert (unanswered.arrivals, unanswered.answer) == (7, None)
    access.pending.answered("olga", "k", 201, b"first")
    access.pending.answered("olga", "k", 409, b"second")
    access.close()
    again = made(tmp_path / "a.sqlite")
    held = again.pending.begin("olga", "k", asked=b"1", arrivals=9, now=WALL + after(6 * 86_400))
    assert held is not None
    assert (held.answer, held.digest) == ((201, b"first"), b"1")
    assert again.pending.begin("dmitri", "k", asked=b"2", arrivals=9, now=WALL) is None
    again.pending.forget("dmitri", "k")
    assert again.pending.begin("dmitri", "k", asked=b"3", arrivals=9, now=WALL) is None
    again.close()
