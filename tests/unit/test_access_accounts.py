"""Accounts, passwords, codes, and how often they may be tried (docs/spec/access.md)."""

from datetime import timedelta
from unittest import mock

import pyotp
import pytest
from api_desk import CHEAP, PASSWORD, WALL
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from crosstell.core.errors import CallerError
from crosstell.shell.access.access import Access, CameIn, Given, KeptOut
from crosstell.shell.access.account import IN_A_ROLE, RIGHTS, Account, AccountKind, Right
from crosstell.shell.access.secret import Passwords

STEP = timedelta(seconds=30)
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.9"


@pytest.fixture
def access() -> Access:
    found = Access(None, passwords=CHEAP)
    found.make_account(
        "olga", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
    )
    found.make_account("adam", AccountKind.ADMINISTRATOR, password=PASSWORD, now=WALL)
    return found


def come(
    access: Access, *, password: str = PASSWORD, at_s: float = 0.0, address: str = HOME, **more: str
) -> CameIn | KeptOut:
    account = more.get("account", "olga")
    given = Given(account=account, password=password, code=more.get("code"))
    return access.come_in(given, address=address, now=WALL + timedelta(seconds=at_s))


def test_acs_001_each_kind_has_its_rights_and_a_role_only_where_it_speaks() -> None:
    see, act, confirm, export, keep, observe, session = (
        Right.SEE,
        Right.ACT,
        Right.CONFIRM,
        Right.EXPORT,
        Right.KEEP_ACCOUNTS,
        Right.OBSERVE,
        Right.HAVE_SESSION,
    )
    assert {
        AccountKind.OPERATOR: {see, act, confirm, export, session},
        AccountKind.APPROVER: {see, confirm, export, session},
        AccountKind.READER: {see, session},
        AccountKind.ADMINISTRATOR: {keep, session},
        AccountKind.SYSTEM: {observe},
    } == RIGHTS
    for kind in AccountKind:
        with_role = kind in IN_A_ROLE
        with pytest.raises(ValueError, match="role"):
            Account(name="x", kind=kind, role=None if with_role else "r", created_at=WALL)  # type: ignore[arg-type]
    gone = Account(name="x", kind=AccountKind.READER, role=None, created_at=WALL, disabled_at=WALL)
    assert not any(gone.may(right) for right in Right)


def test_acs_010_names_are_never_used_again_and_passwords_are_long(access: Access) -> None:
    access.disable("olga", now=WALL)
    make = access.make_account
    with pytest.raises(CallerError, match="not used again"):
        make("olga", AccountKind.READER, password=PASSWORD, now=WALL)
    for bad in ("short", "x" * 257, "one ingrid two three"):
        with pytest.raises(CallerError, match="password"):
            make("ingrid", AccountKind.READER, password=bad, now=WALL)
    with pytest.raises(CallerError, match="tokens"):
        make("radar", AccountKind.SYSTEM, password=PASSWORD, now=WALL)
    with pytest.raises(CallerError, match="every other kind a password"):
        make("ingrid", AccountKind.READER, now=WALL)
    with pytest.raises(CallerError, match="last administrator"):
        access.disable("adam", now=WALL)
    with pytest.raises(CallerError, match="not an id"):
        make("no name", AccountKind.READER, password=PASSWORD, now=WALL)


def test_acs_011_a_password_is_kept_as_argon2id_makes_it(access: Access) -> None:
    kept = access.accounts.find("olga")
    assert kept is not None
    assert kept.password is not None
    assert kept.password.startswith("$argon2id$")
    assert PASSWORD not in kept.password
    assert not CHEAP.fits(None, PASSWORD)


@pytest.mark.parametrize("hasher", [PasswordHasher(), CHEAP.hasher])
def test_run_502_where_there_is_no_account_as_much_is_worked_out(hasher: PasswordHasher) -> None:
    """Under the same parameters, and to its end; drawn anew each time, without any such work."""
    passwords, other = Passwords(hasher), Passwords(hasher)
    assert extract_parameters(passwords.nobody) == extract_parameters(hasher.hash(PASSWORD))
    assert passwords.nobody != other.nobody
    with pytest.raises(VerifyMismatchError):
        hasher.verify(passwords.nobody, PASSWORD)
    with mock.patch.object(PasswordHasher, "hash", side_effect=AssertionError("worked out")):
        Passwords(hasher)


def test_acs_011_a_password_kept_under_weaker_parameters_is_kept_anew(access: Access) -> None:
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    before = access.accounts.find("olga")
    access._passwords = access.accounts._passwords = stronger
    assert isinstance(come(access), CameIn)
    after = access.accounts.find("olga")
    assert before is not None
    assert after is not None
    assert before.password != after.password
    assert isinstance(come(access), CameIn)


def test_acs_012_a_new_password_ends_every_session(access: Access) -> None:
    found = come(access)
    assert isinstance(found, CameIn)
    access.set_password("olga", "another four plain words", now=WALL)
    assert access.sessions.find(found.secret, WALL) is None
    assert isinstance(come(access), KeptOut)
    assert isinstance(come(access, password="another four plain words"), CameIn)  # noqa: S106


def test_acs_012_a_disabled_account_loses_sessions_and_tokens_at_once(access: Access) -> None:
    access.make_account("radar", AccountKind.SYSTEM, now=WALL)
    secret, _ = access.make_token("radar", lasts_s=60.0, now=WALL)
    found = come(access)
    assert isinstance(found, CameIn)
    access.disable("olga", now=WALL)
    access.disable("radar", now=WALL)
    assert access.sessions.find(found.secret, WALL) is None
    assert access.tokens.find(secret, WALL) is None
    assert isinstance(come(access), KeptOut)
    with pytest.raises(CallerError, match="disabled"):
        access.make_token("radar", lasts_s=60.0, now=WALL)


def test_acs_013_who_is_kept_out_is_not_told_why(access: Access) -> None:
    access.set_code("olga", issuer="test", now=WALL)
    answers = {
        come(access, code="000000"),
        come(access, password="wrong wrong wrong"),  # noqa: S106
        come(access, account="nobody", at_s=1.0),
    }
    assert answers == {KeptOut()}


def test_acs_014_a_code_is_asked_for_and_is_good_once(access: Access) -> None:
    address = access.set_code("olga", issuer="test", now=WALL)
    code = pyotp.parse_uri(address)
    assert isinstance(code, pyotp.TOTP)
    at = WALL + timedelta(seconds=7)
    assert isinstance(come(access, at_s=7.0), KeptOut)
    assert isinstance(come(access, at_s=7.0, code=code.at(at)), CameIn)
    assert isinstance(come(access, at_s=8.0, code=code.at(at)), KeptOut), "used already"
    assert isinstance(come(access, at_s=9.0, code=code.at(at - STEP)), KeptOut), "older than that"
    ahead = code.at(at + 2 * STEP)
    assert isinstance(come(access, at_s=40.0, code=ahead), CameIn), "a step ahead of ours"
    for bad in ("", "12345", "1234567", "\u0661" * 6, code.at(at + 9 * STEP)):
        assert isinstance(come(access, at_s=900.0, address=bad or "x", code=bad), KeptOut)
    access.drop_code("olga", now=WALL)
    assert isinstance(come(access, at_s=2_000.0), CameIn)


def fail(access: Access, times: int, *, at_s: float, address: str = HOME) -> None:
    for _ in range(times):
        assert come(access, password="wrong wrong wrong", at_s=at_s, address=address) == KeptOut()  # noqa: S106


def test_acs_015_each_further_failure_doubles_the_wait(access: Access) -> None:
    fail(access, 3, at_s=0.0, address=ELSEWHERE)
    assert come(access, at_s=0.5, address=ELSEWHERE) == KeptOut(wait_s=0.5)
    fail(access, 1, at_s=1.0, address=ELSEWHERE)
    assert come(access, at_s=1.0, address=ELSEWHERE) == KeptOut(wait_s=2.0)
    assert isinstance(come(access, at_s=3.0, address=ELSEWHERE), CameIn)
    fail(access, 3, at_s=4.0, address=ELSEWHERE)  # a success forgot the ones before


def test_acs_015_guessing_elsewhere_never_locks_the_watch_out(access: Access) -> None:
    assert isinstance(come(access), CameIn)
    for number in range(200):
        address = f"203.0.113.{number}"
        tried = come(access, password="wrong wrong wrong", at_s=10.0, address=address)  # noqa: S106
        assert isinstance(tried, KeptOut)
    assert isinstance(come(access, at_s=11.0), CameIn), "from where it came in before"
    kept_out = come(access, at_s=11.0, address=ELSEWHERE)
    assert isinstance(kept_out, KeptOut)
    assert 0.0 < kept_out.wait_s <= 900.0, "a stranger waits while a crowd fails"
    assert isinstance(come(access, at_s=3_700.0, address=ELSEWHERE), CameIn), "an hour later"


def test_acs_015_a_known_address_waits_half_a_minute_at_most(access: Access) -> None:
    assert isinstance(come(access), CameIn)
    at_s = 0.0
    for _ in range(12):
        at_s += 30.0
        fail(access, 1, at_s=at_s)
    assert come(access, at_s=at_s) == KeptOut(wait_s=30.0)
    assert isinstance(come(access, at_s=at_s + 30.0), CameIn)


def test_acs_015_a_clock_that_was_set_back_locks_nobody_out(access: Access) -> None:
    fail(access, 3, at_s=7_200.0)
    for number in range(10):
        fail(access, 1, at_s=7_200.0, address=f"203.0.113.{number}")
    assert isinstance(come(access, at_s=60.0), CameIn)
    assert isinstance(come(access, at_s=60.0, address=ELSEWHERE), CameIn)
