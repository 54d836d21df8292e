"""What a verified feed, fork or seal shows, in words, each with what it rests on.

Says only what the checks before it proved. Times are claims of the clock named beside them.
"""

from collections.abc import Collection, Mapping, Sequence

from crosstell.codecs.archive.files import Purpose, Seal
from crosstell.codecs.archive.verification import Statement
from crosstell.core.ids import FeedId
from crosstell.core.instant import format_instant, from_us
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.fork import Fork
from crosstell.core.record.keys import FeedKeys
from crosstell.core.record.signing import fingerprint
from crosstell.shell.archive.feed_check import FeedSeen, Witnessed

_CALENDAR_S = 253_402_300_800  # 10000-01-01T00:00:00Z, past what a calendar holds
_DIGEST = "SHA-256"

ALWAYS_UNSEEN = (
    "Absences: that something was not sent, not received or never said is not proved by a record.",
    "Minutes: order is proved, and brackets by the clocks named; every time is its author's claim.",
    "Whether a person read anything: a record shows what nodes and watches stated.",
)


def _utc(time_ms: int) -> str:
    """The time in words, or as a number where no calendar reaches."""
    if time_ms >= 1000 * _CALENDAR_S:
        return f"{time_ms} ms after 1970-01-01T00:00:00Z"
    return format_instant(from_us(1000 * time_ms))


def root_words(keys: FeedKeys, *, roots: Collection[str], stated: bool) -> str:
    """The root key that a feed's statements rest on, and who compared its fingerprint."""
    root = fingerprint(keys.root_key)
    if root in roots:
        return f"root key {root}, which you compared"
    if stated:
        return f"root key {root}, which the exporter says it compared"
    return f"root key {root}, which nobody says was compared"


def feed_statements(
    seen: FeedSeen, root: str, witnessed: Witnessed, feeds: Mapping[FeedId, FeedSeen]
) -> list[Statement]:
    """All that the export shows of one feed."""
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
            text=f"Its checkpoint of size {size} is signed and holds exactly these entries.",
            rests_on=(log, _DIGEST),
        ),
        Statement(
            about=about,
            text=f"Its entries carry times from {_utc(seen.first_ms)} to "
            f"{_utc(seen.head.hlc.ms)}, which only rise.",
            rests_on=(f"the clock of feed {seen.feed}, as its author claims",),
        ),
        Statement(
            about=about,
            text=f"{seen.bodies_shown} of {size} bodies are shown; each is the one that its "
            "entry commits to.",
            rests_on=(log, _DIGEST),
        ),
    ]
    said += _witness_statements(about, witnessed)
    said += _head_statements(about, seen, log, feeds)
    said += _void_statements(about, seen, root)
    return said + _branch_statements(about, seen, root, feeds)


def _witness_statements(about: str, witnessed: Witnessed) -> list[Statement]:
    """Who else saw which size of the feed, and when by their clock."""
    return [
        Statement(
            about=about,
            text=f"{seen.key.name} saw this same feed at size {seen.checkpoint.size} at "
            f"{_utc(1000 * seen.time_s)}; all entries below it were made before.",
            rests_on=(
                f"cosigning key {fingerprint(seen.key.public_key)}",
                f"the clock of {seen.key.name}",
            ),
        )
        for seen in witnessed.cosigned
    ]


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
            "state: their keys are not in this export, so they were not checked."
        )
    return said + [
        f"Feed {named.feed} beyond what is here: feed {seen.feed} held it up to size {named.size}, "
        f"this export has {feeds[named.feed].head.size if named.feed in feeds else 0} of its "
        "entries. The rest exists or existed, and was left out."
        for named in seen.head.heads
        if named.feed not in feeds or named.size > feeds[named.feed].head.size
    ]


def fork_statement(fork: Fork, online_keys: Sequence[str]) -> Statement:
    """What fork evidence shows; `online_keys` are the feed's, as far as they are known."""
    owner = (
        "the key entries of the feed, which name this key as its online key"
        if fork.fingerprint in online_keys
        else "this key alone: the feed's key entries here do not name it"
    )
    return Statement(
        about=f"feed {fork.feed}",
        text=f"FORKED. {fork.statement()}",
        rests_on=(f"key {fork.fingerprint}", owner),
    )


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
