"""An erasure by its command, with the node stopped: docs/spec/keys.md, docs/spec/access.md."""

from datetime import datetime
from pathlib import Path

from carried_sites import PASSWORD, Sites, act, done, refused, state_of
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, roz
from people_values import DUTY
from test_ceremony_commands import feed_of

from crosstell.core.instant import later
from crosstell.shell.access.access import Access, Given
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.pending import Pending, PendingState
from crosstell.shell.clock import read_wall


def waiting(state: PendingState, now: datetime) -> Pending:
    """An act that waits or waited, and names what is to be erased."""
    return Pending(
        id=state.value,
        account="officer",
        role=DUTY,
        watch="7",
        kind="notice_filed",
        body=b'{"notice": "roz-secret"}',
        asked_at=now,
        expires_at=later(now, by_s=900.0),
        state=state,
    )


def test_an_erasure_by_its_command(sites: Sites) -> None:
    """KEY-036, ACS-284: by a person who proves who they are; what was said is in no file."""
    access = Access(sites[ALPHA] / "access.store")
    access.make_account(
        "officer", AccountKind.OPERATOR, role=DUTY, password=PASSWORD, now=read_wall()
    )
    access.make_account("reader", AccountKind.READER, password=PASSWORD, now=read_wall())
    act(sites[ALPHA], roz("roz-secret", BRAVO))
    feed, seq = feed_of(sites[ALPHA]), state_of(sites[ALPHA]).own.size - 1
    words = ("record", "erase", sites[ALPHA], "--reason", "a name in it", "--password-stdin")
    entry, officer = ("--entry", f"{feed}/{seq}"), ("--account", "officer")
    assert "was on no watch" in refused(*words, *entry, *officer, given=PASSWORD)
    came = access.come_in(
        given=Given(account="officer", password=PASSWORD), address="test", now=read_wall()
    )
    access.sessions.take_watch(came.session, role=DUTY, watch="7")  # type: ignore[union-attr]
    assert "only an operator" in refused(*words, *entry, "--account", "reader", given=PASSWORD)
    assert "nobody comes in" in refused(*words, *entry, *officer, given="a guess of twelve")
    assert "is not held here" in refused(*words, "--entry", "nofeed/1", *officer, given=PASSWORD)
    assert "states keys" in refused(*words, "--entry", f"{feed}/0", *officer, given=PASSWORD)
    for state in PendingState:
        access.pending.put(waiting(state, read_wall()), read_wall())
    access.close()
    done(*words, *entry, *officer, given=PASSWORD)
    assert "roz-secret" not in state_of(sites[ALPHA]).own.notices
    for path in filter(Path.is_file, sites[ALPHA].parent.rglob("*")):
        is_other = sites[ALPHA] not in path.parents  # another party's, which was told of it
        assert is_other or b"roz-secret" not in path.read_bytes(), path
    assert "is not held" in refused(*words, *entry, *officer, given=PASSWORD)
