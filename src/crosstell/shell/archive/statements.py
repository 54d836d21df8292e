"""What a verified feed, fork or seal shows, in words, each with what it rests on.

Says only what the checks before it proved. Times are claims of the clock named beside them.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from crosstell.codecs.archive.files import Purpose, Seal
from crosstell.codecs.archive.verification import Statement, bounds
from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import COSIGNER_PREFIX, Cosigned
from crosstell.core.record.entry import utc
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.fork import Fork
from crosstell.core.record.keys import FeedKeys
from crosstell.core.record.note import NoteKey
from crosstell.core.record.receipt import Report
from crosstell.core.record.signing import fingerprint
from crosstell.shell.archive.feed_check import FeedSeen, Witnessed

_DIGEST = "SHA-256"

ALWAYS_UNSEEN = (
    "Absences: that something was not sent, not received or never said is not proved by a record.",
    "Minutes: order is proved, and brackets by the clocks named; every time is its author's claim.",
    "Whether a person read anything: a record shows what nodes and watches stated.",
)


class Known(StrEnum):
    """What the exporter says of a feed's root fingerprint."""

    OWN = "own"
    COMPARED = "compared"
    NOT_COMPARED = "not-compared"


def root_words(keys: FeedKeys, roots: Collection[str], known: Known) -> str:
    """The root key that a feed's statements rest on, and who compared its fingerprint."""
    root = fingerprint(keys.root_key)
    if root in roots:
        return f"root key {root}, which you compared"
    if known is Known.OWN:
        return f"root key {root}, which the exporter gives as its own"
    if known is Known.COMPARED:
        return f"root key {root}, which the exporter says it compared"
    return f"root key {root}, which nobody says was compared"


def feed_statements(
    seen: FeedSeen,
    roots: Mapping[FeedId, str],
    witnessed: Witnessed,
    feeds: Mapping[FeedId, FeedSeen],
) -> list[Statement]:
    """All that the export shows of one feed; `roots` has `root_words` of every feed in it."""
    root = roots[seen.feed]
    about = f"feed {seen.feed}"
    size = seen.head.size
    log = f"online key {fingerprint(seen.head.keys.key_at(size))}"
    said = [
        Statement(
            about=about,
            text=f"Entries 0 to {size - 1} are whole: each signed by the key valid there, "
            "numbered without a gap, each naming the one before.",
            rests_on=(root, "the key entries of the feed", _DIGEST),
        ),
        Statement(
            about=about,
            text=f"Its checkpoint of size {size}, root {seen.root}, is signed and holds exactly "
            "these entries.",
            rests_on=(log, _DIGEST),
        ),
        Statement(
            about=about,
            text=f"Its entries carry times from {utc(seen.first_ms)} to "
            f"{utc(seen.head.hlc.ms)}, which only rise.",
            rests_on=(f"the clock of feed {seen.feed}, as its author claims",),
        ),
        Statement(
            about=about,
            text=f"{seen.bodies_shown} of {size} bodies are shown; each is the one that its "
            "entry commits to.",
            rests_on=(log, _DIGEST),
        ),
    ]
    said += _witness_statements(about, witnessed, roots)
    said += _head_statements(about, seen, log, feeds)
    said += _void_statements(about, seen, root)
    return said + _branch_statements(about, seen, root, feeds)


def _witness_statements(
    about: str, witnessed: Witnessed, roots: Mapping[FeedId, str]
) -> list[Statement]:
    """Who else saw which sizes of the feed, and when by their clock: one statement for each key."""
    by_key: dict[NoteKey, list[Cosigned]] = {}
    for seen in witnessed.cosigned:
        by_key.setdefault(seen.key, []).append(seen)
    return [
        Statement(
            about=about,
            text=f"{key.name} saw this same feed at {_sightings(seen)}; all entries below a size "
            "were made before it was seen.",
            rests_on=(
                f"cosigning key {fingerprint(key.public_key)}",
                f"the clock of {key.name}",
                roots[FeedId(key.name.removeprefix(COSIGNER_PREFIX))],
            ),
        )
        for key, seen in by_key.items()
    ]


def _sightings(seen: Sequence[Cosigned]) -> str:
    """The sizes seen, the first and the last with their times."""
    first, *_, last = (*seen, seen[-1])
    ends = [f"size {one.checkpoint.size} at {utc(1000 * one.time_s)}" for one in (first, last)]
    if len(seen) == 1:
        return ends[0]
    return f"{len(seen)} sizes, from {ends[0]} to {ends[1]}"


def _head_statements(
    about: str, seen: FeedSeen, log: str, feeds: Mapping[FeedId, FeedSeen]
) -> list[Statement]:
    """What the feed says it held of other feeds, where they are here to compare."""
    return [
        Statement(
            about=about,
            text=f"It states that it held feed {named.feed} up to size {named.size}; every such "
            "statement in it agrees with that feed as exported.",
            rests_on=(log, "the entries of both feeds", _DIGEST),
        )
        for named in seen.head.heads
        if named.feed in feeds and named.size <= feeds[named.feed].head.size
    ]


def _void_statements(about: str, seen: FeedSeen, root: str) -> list[Statement]:
    """Entries that the owner's root made void; they are kept and shown."""
    return [
        Statement(
            about=about,
            text=f"Entries {low} to {high - 1} are void: the owner states that the key may have "
            "been in other hands. They are kept.",
            rests_on=(root, f"entry {high} of the feed"),
        )
        for low, high in seen.head.keys.void
        if low < high
    ]


def _branch_statements(
    about: str, seen: FeedSeen, root: str, feeds: Mapping[FeedId, FeedSeen]
) -> list[Statement]:
    """Which branch of an older feed a resumed feed stands by."""
    branch = seen.head.keys.branch
    if branch is None:
        return []
    old = feeds.get(branch.feed)
    held = None if old is None else old.root_at(branch.size)
    words = "which is not here to compare"
    if held is not None:
        same = held.hex() == branch.root
        words = "the branch exported here" if same else "another branch than the one exported here"
    return [
        Statement(
            about=about,
            text=f"It resumes feed {branch.feed} and stands by its first {branch.size} entries, "
            f"{words}.",
            rests_on=(root,),
        )
    ]


def feed_unseen(
    seen: FeedSeen, witnessed: Witnessed, feeds: Mapping[FeedId, FeedSeen]
) -> list[str]:
    """What the export does not let anyone see of one feed."""
    size = seen.head.size
    said = [
        f"Whether feed {seen.feed} has entries after number {size - 1}: a tail that was cut shows "
        "only against a later checkpoint of it.",
    ]
    if seen.bodies_shown < size:
        said.append(
            f"What {size - seen.bodies_shown} of {size} entries of feed {seen.feed} say: their "
            "bodies are not in this export (not released, not held, or erased)."
        )
    if not any(found.checkpoint.size == size for found in witnessed.cosigned):
        said.append(
            f"That feed {seen.feed} shows everyone these same {size} entries: no other party in "
            "this export cosigned that size."
        )
    if witnessed.unknown:
        said.append(
            f"What {witnessed.unknown} further signatures on checkpoints of feed {seen.feed} "
            "state: their keys are not in this export, or were taken back; they were not checked."
        )
    if witnessed.own:
        said.append(
            f"Anything by {witnessed.own} cosignatures on checkpoints of feed {seen.feed} by its "
            "own owner: nobody vouches for himself, so they do not count."
        )
    return said + [
        f"Feed {named.feed} beyond what is here: feed {seen.feed} held it up to size {named.size}, "
        f"this export has {feeds[named.feed].head.size if named.feed in feeds else 0} of its "
        "entries. The rest exists or existed, and was left out."
        for named in seen.head.heads
        if named.feed not in feeds or named.size > feeds[named.feed].head.size
    ]


def fork_statement(fork: Fork, keys: FeedKeys | None) -> Statement:
    """What fork evidence shows; `keys` are the feed's, None where they are not at hand.

    Anyone can sign two things under another's feed name with a key of his own: only a key that
    the feed's entries make valid at that place convicts its owner.
    """
    if keys is None:
        text, owner = f"FORKED. {fork.statement()}", "this key alone: whose it is, is not shown"
    elif fork.fingerprint in _valid_at(keys, fork.at):
        text = f"FORKED. {fork.statement()}"
        owner = "the key entries of the feed, which name this key as its online key there"
    elif fork.fingerprint in {fingerprint(period.key) for period in keys.periods}:
        text = f"Not forked by its valid key. {fork.statement()}"
        owner = "the key entries of the feed, which name this key for other entries, not there"
    else:
        text = f"No fork is shown: the key is not the feed's. {fork.statement()}"
        owner = "this key alone: the feed's key entries here do not name it"
    return Statement(
        about=f"feed {fork.feed}", text=text, rests_on=(f"key {fork.fingerprint}", owner)
    )


def _valid_at(keys: FeedKeys, at: int) -> set[str]:
    """The fingerprints of the online keys that could sign entry `at`, or the size `at`."""
    return {fingerprint(key.public_key) for key in keys.log_keys_at(at)}


def seal_statement(seal: Seal, exporter: FeedHead, files: int) -> Statement:
    """What the exporter sealed, and for whom."""
    words = {
        Purpose.SHARED: "made to be shared",
        Purpose.OWN_USE: "made for the party's own use; it must not leave it",
    }
    return Statement(
        about="export",
        text=f"The owner of feed {seal.exporter} sealed these {files} files, "
        f"{words[seal.purpose]}. "
        "None was changed, added or removed since.",
        rests_on=(f"online key {fingerprint(exporter.keys.key_at(exporter.size))}", _DIGEST),
    )


def bracket_statement(report: Report) -> list[Statement]:
    """Between which times the holder's entry was made, and by whose clocks, if anyone cosigned."""
    limits = report.next_bracket
    if limits.upper_s is None:
        return []
    caller = report.call.feed
    own = limits.upper_by == (COSIGNER_PREFIX + caller,)
    return [
        Statement(
            about="receipt",
            text=f"Entry {report.next_entry.seq} of feed {report.next_entry.feed} was made "
            f"{bounds(limits)}.",
            rests_on=(
                *(f"the clock of {by}" for by in (*limits.lower_by, *limits.upper_by)),
                *(("the caller alone: both clocks are its own",) if own else ()),
            ),
        )
    ]
