"""A new online key in place of the old, of which nobody else had hold; and the taking back of one.

Both logs of a party are under the same keys and change together, in one batch. Implements KEY-001
to KEY-004.
"""

from datetime import datetime

from crosstell.core.errors import CallerError
from crosstell.core.record.keys import KEY, REVOKE, revocation_body, rotation_body
from crosstell.core.record.signing import Signer
from crosstell.shell.key_ceremony.desk import (
    COSIGNING_NEXT,
    ONLINE_NEXT,
    Changed,
    Desk,
    changed,
    check_holds,
    check_signed_here,
    checkpoint,
    head_of,
    held_keys,
    keep,
    next_entry,
    own_logs,
    settle,
)
from crosstell.shell.key_ceremony.forked import check_followed
from crosstell.shell.store.contract import Batch


def rotate(desk: Desk, now: datetime, *, although_forked: bool = False) -> Changed:
    """A new online key holds from the next entry on, named by the old one in both logs. KEY-001.

    For a key of which nobody else had hold; of one that somebody may have had, `revoke`. Of
    `although_forked`: see there.
    """
    held = held_keys(desk)
    logs = own_logs(desk)
    check_signed_here(desk, logs.feed)
    check_followed(desk.store, logs.feed, asked=although_forked)
    for log in logs.both:
        check_holds(log, held.online)
    new = desk.keys.create(ONLINE_NEXT)
    rows = []
    for log in logs.both:
        content = rotation_body(feed=log.feed, seq=log.size, signer=new, cosigner=held.cosigning)
        rows.append(next_entry(log, (KEY, content), held.online, desk, now))
    keep(desk, logs, Batch(entries=tuple(rows), puts=(checkpoint(logs.feed, new),)))
    settle(desk)
    return changed(tuple(rows), new)


def revoke(
    desk: Desk, root: Signer, *, from_seq: int, now: datetime, although_forked: bool = False
) -> Changed:
    """The keys are taken back under the offline root: entries of the feed from `from_seq` are void.

    New online and cosigning keys hold from this entry on; of the journal nothing is void, since it
    never left. Name the first entry that a thief may have signed. Whoever holds another branch of
    a forked feed would not follow: there it is refused. Where that is not known, a person asked
    each party by telephone: `although_forked`. Implements KEY-002, KEY-038, KEY-039.
    """
    settle(desk)
    logs = own_logs(desk)
    if root.public_key() != head_of(logs.feed).keys.root_key:
        raise CallerError(
            "the root key given is not the one under which this feed was founded; bring the "
            "medium with the right one. Nothing was written"
        )
    if not 1 <= from_seq <= logs.feed.size:
        raise CallerError(
            f"feed {logs.feed.feed}: entry {from_seq} cannot be the first that is void; name one "
            f"from 1 to {logs.feed.size}. Nothing was written"
        )
    check_signed_here(desk, logs.feed, from_seq)
    check_followed(desk.store, logs.feed, asked=although_forked)
    new, cosigning = desk.keys.create(ONLINE_NEXT), desk.keys.create(COSIGNING_NEXT)
    rows = []
    for log, first in ((logs.feed, from_seq), (logs.journal, logs.journal.size)):
        content = revocation_body(
            feed=log.feed, seq=log.size, from_seq=first, signer=new, cosigner=cosigning, root=root
        )
        rows.append(next_entry(log, (REVOKE, content), new, desk, now))
    keep(desk, logs, Batch(entries=tuple(rows), puts=(checkpoint(logs.feed, new),)))
    settle(desk)
    return changed(tuple(rows), new)
