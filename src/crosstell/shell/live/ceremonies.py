"""Key ceremonies and erasure on a node's folder, with the node stopped: its store is ours then.

What was begun and refused leaves no key behind. Implements KEY-030 to KEY-032, KEY-036.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosstell.core.errors import CallerError, CrosstellError
from crosstell.core.ids import EntryRef, FeedId
from crosstell.core.picture.party import Speaker
from crosstell.shell.access.access import Access, CameIn, Given
from crosstell.shell.access.account import Right
from crosstell.shell.clock import read_wall
from crosstell.shell.config.left import forget_left
from crosstell.shell.config.node_file import Installation
from crosstell.shell.config.renewing import open_stopped
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.key_ceremony.desk import Changed, Desk, OwnLogs, own_logs, settle
from crosstell.shell.key_ceremony.erasing import erase
from crosstell.shell.key_ceremony.rotating import revoke, rotate
from crosstell.shell.keys import ROOT, KeyFolder

AT_THE_MACHINE = "this machine"  # what the audit says of where the person was


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """What was recorded, and which entries of the feed it made void: half-open, maybe none."""

    changed: Changed
    void: tuple[int, int]


@contextmanager
def at_desk(installation: Installation) -> Iterator[Desk]:
    """The desk of a stopped node. CallerError while it runs, or where its marks are not there."""
    if not installation.marks.is_dir():
        raise CallerError(
            f"{installation.marks}: no such folder; it holds how far our logs were signed. Mount "
            "it, or its mirror, never an old copy. Nothing was written"
        )
    store = open_stopped(installation)
    try:
        desk = Desk(
            store=store,
            keys=KeyFolder(path=installation.keys),
            high_water=FileHighWater(folder=installation.marks),
            draw=secrets.token_bytes,
        )
        try:
            yield desk
        except CrosstellError:
            settle(desk)
            raise
    finally:
        store.close()


def rotate_in(
    installation: Installation, now: datetime, *, although_forked: bool = False
) -> Changed:
    """A new online key holds, named by the old one. Implements KEY-030."""
    with at_desk(installation) as desk:
        return rotate(desk, now, although_forked=although_forked)


def revoke_in(
    installation: Installation,
    root_folder: Path,
    first: int | None,
    now: datetime,
    *,
    although_forked: bool = False,
) -> Revoked:
    """The keys are taken back under the offline root; from entry `first` on the feed is void.

    None: nothing is void, for keys that are lost and in nobody's hands. Implements KEY-031.
    """
    root = KeyFolder(path=root_folder).load(ROOT)
    with at_desk(installation) as desk:
        size = own_logs(desk).feed.size
        from_seq = size if first is None else first
        changed = revoke(desk, root, from_seq=from_seq, now=now, although_forked=although_forked)
    return Revoked(changed=changed, void=(from_seq, size))


def erase_in(
    installation: Installation, entry: tuple[FeedId, int], given: Given, reason: str, now: datetime
) -> EntryRef:
    """What that entry said is gone, and the journal says by whom and why.

    Refused, it leaves all as it was. Implements KEY-036, ACS-286.

    The person proves who they are with the password of their account, as at the door.
    """
    with at_desk(installation) as desk:
        by = _person(installation, given, read_wall())  # doors go by real time, whatever is played
        own: OwnLogs = own_logs(desk)
        feed, seq = entry
        if feed not in desk.store.feeds():
            raise CallerError(
                f"feed {feed}: is not held here; own logs are {own.feed.feed} and "
                f"{own.journal.feed}. Nothing was written"
            )
        access = Access(installation.access)

        def beside() -> None:
            access.check_known()
            why = f"with the erasure of {feed}/{seq}"
            access.forget_acts(why, by=given.account, address=AT_THE_MACHINE, now=read_wall())
            forget_left(installation.left, feed, seq)

        try:
            return erase(desk, feed, seq, by=by, reason=reason, now=now, beside=beside)
        finally:
            access.close()


def _person(installation: Installation, given: Given, now: datetime) -> Speaker:
    """Who speaks: the role of the account, on the watch that it took last."""
    if not installation.access.is_file():
        raise CallerError(
            f"{installation.access}: this node has no accounts; make one with `crosstell node "
            "account`. Nothing was written"
        )
    access = Access(installation.access)
    try:
        came = access.come_in(given, address=AT_THE_MACHINE, now=now)
        if not isinstance(came, CameIn):
            wait = f" Try again in {came.wait_s:.0f} s." if came.wait_s else ""
            raise CallerError(
                f"account {given.account}: nobody comes in with that password and code.{wait} "
                "Nothing was written"
            )
        access.go_out(came.session, address=AT_THE_MACHINE, now=now)
    finally:
        access.close()
    account, watch = came.account, came.session.watch
    if not account.may(Right.ACT) or account.role is None:
        raise CallerError(
            f"account {account.name}: is a {account.kind}, and only an operator erases. Nothing "
            "was written"
        )
    if watch is None:
        raise CallerError(
            f"account {account.name}: was on no watch yet; start the node, take the watch, stop "
            "it again. Nothing was written"
        )
    return Speaker(party=installation.file.party, role=account.role, watch=watch)
