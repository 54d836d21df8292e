"""Where the others stand, of a feed in which something was signed twice.

Evidence of a fork proves that one key signed two things at one place, not that anybody holds the
other of them: whoever has the key can make it at any time, of any place. Where the others stand
they say themselves, in what they cosign and in the heads of their entries. Implements KEY-039,
KEY-041, KEY-042.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import COSIGNER_PREFIX, check_cosignatures
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.fork import ForkKind, check_fork
from crosstell.core.record.note import NoteKey, parse_note
from crosstell.shell.archive.export import text_in
from crosstell.shell.key_ceremony.desk import head_of, verified
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import OWN_JOURNAL, cosigned_prefix, fork_name

ALTHOUGH_FORKED = "--although-forked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forked:
    """A fork of which not everybody is known to hold our branch.

    `common`: the most entries that the branches can share. The feeds of those who signed that they
    hold another branch are `elsewhere`; of the `unknown` nothing is known past that place.
    """

    common: int
    elsewhere: tuple[FeedId, ...]
    unknown: tuple[FeedId, ...]

    def stops(self, *, asked: bool) -> bool:
        """Whether our branch reaches not everybody; a person may have asked those not known."""
        return bool(self.elsewhere) or not asked


def check_followed(store: Store, log: Log, *, asked: bool) -> None:
    """Refuse to go on in a feed of which others hold another branch, or may. Implements KEY-039.

    `asked`: a person asked each party by telephone, and each shows the newest of what we filed.
    """
    found = forked(store, log)
    if found is None or not found.stops(asked=asked):
        return
    if found.elsewhere:
        why = (
            f"is forked, and feed {', '.join(found.elsewhere)} signed that it holds another "
            "branch: it takes nothing more of ours. Go on"
        )
    else:
        who = f"feed {', '.join(found.unknown)} holds" if found.unknown else "anybody holds"
        why = (
            f"is forked, and it is not known here whether {who} our branch. Ask each party by "
            "telephone whether it shows the newest of what you filed; if every one does, say so "
            f"({ALTHOUGH_FORKED}). If one does not, go on"
        )
    raise CallerError(
        f"feed {log.feed}: {why} in a new feed that stands by what both branches hold: crosstell "
        "node resume FOLDER --root ROOT-FOLDER --out NEW-FOLDER --branch-size "
        f"{found.common}, or less. Nothing was written"
    )


def forked(store: Store, log: Log) -> Forked | None:
    """What is known of a fork of this feed; None where none is, or where all hold our branch."""
    places = _places(store, log)
    if not places:
        return None
    others = _others(store, log.feed)
    past = min(max(places), log.size - 1)
    reached = _cosigned(store, log, others, past)
    common, elsewhere, unknown = min(places), [], []
    for other in others:
        named = next((head for head in other.heads if head.feed == log.feed), None)
        ours = None if named is None else log.root_at(named.size)
        if named is not None and ours is not None and ours.hex() != named.root:
            elsewhere.append(other.feed)
            common = min(common, named.size - 1)
        elif other.feed not in reached and (named is None or ours is None or named.size <= past):
            unknown.append(other.feed)
    if others and not elsewhere and not unknown:
        return None
    return Forked(common=common, elsewhere=tuple(elsewhere), unknown=tuple(unknown))


def _places(store: Store, log: Log) -> list[int]:
    """How many entries the branches share at most, by each evidence: all, by a damaged one."""
    found = []
    for put in store.blobs(fork_name(log.feed, "")):
        try:
            fork = check_fork(put.value, verifier_of)
        except PartyError:
            found.append(log.size)
            continue
        shared = fork.at if fork.kind is ForkKind.ENTRIES else fork.at - 1
        found.append(min(shared, log.size))
    return found


def _others(store: Store, own: FeedId) -> list[FeedHead]:
    """The feeds in which the others speak now."""
    names = [feed for feed in store.feeds() if feed not in (own, text_in(store, OWN_JOURNAL))]
    heads = [head_of(verified(store, feed)) for feed in names if store.size(feed) > 0]
    former = {head.keys.branch.feed for head in heads if head.keys.branch is not None}
    return [head for head in heads if head.feed not in former]


def _cosigned(store: Store, log: Log, others: Sequence[FeedHead], past: int) -> set[FeedId]:
    """Who cosigned more than `past` entries of our branch."""
    keys: dict[bytes, NoteKey] = {}
    for key in (key for head in others for key in head.keys.cosigner_keys()):
        keys.setdefault(key.public_key, key)
    found: set[FeedId] = set()
    for put in reversed(store.blobs(cosigned_prefix(log.feed))):
        if int(put.name.rpartition("/")[2]) <= past or len(found) == len(others):
            break
        try:
            seen = check_cosignatures(parse_note(put.value), tuple(keys.values()), verifier_of)
        except PartyError:
            continue
        for one in seen:
            if log.root_at(one.checkpoint.size) == one.checkpoint.root:
                found.add(FeedId(one.key.name.removeprefix(COSIGNER_PREFIX)))
    return found
