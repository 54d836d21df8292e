"""The names under which a node keeps its small values, so that tools find what the node put.

Every name is `kind/rest`. Values are bytes as written below; a text is ASCII without a newline.
"""

from crosstell.core.ids import FeedId

OWN_FEED = "own/feed"  # text: the name of this party's feed under the protocol
OWN_JOURNAL = "own/journal"  # text: the name of its private journal; never leaves the party
CHECKPOINTS = "checkpoint/"
COSIGNED = "cosigned/"
FORKS = "fork/"
ERASED = "erased/"
FOUNDINGS = "founding/"
UNMARKED = "unmarked/"
SNAPSHOT = "cache/snapshot"  # a cache, dropped on any mismatch: see shell/snapshot.py
PACED = "run/paced"  # text: the file of the exercise's pace by which the node ran last, or empty
_SIZE_DIGITS = 16  # sizes are below 2**53; leading zeros make names sort by size


def checkpoint_name(feed: FeedId) -> str:
    """The newest checkpoint held of `feed`: a signed note with every cosignature held of it."""
    return f"{CHECKPOINTS}{feed}"


def cosigned_name(feed: FeedId, size: int) -> str:
    """An earlier checkpoint of `feed` at `size`, kept because others' times stand on it."""
    return f"{COSIGNED}{feed}/{size:0{_SIZE_DIGITS}d}"


def cosigned_prefix(feed: FeedId) -> str:
    """What the names of all earlier checkpoints of `feed` begin with."""
    return f"{COSIGNED}{feed}/"


def fork_name(feed: FeedId, digest: str) -> str:
    """Evidence that `feed` is forked, by the SHA-256 of its bytes in hex."""
    return f"{FORKS}{feed}/{digest}"


def erased_name(feed: FeedId, seq: int) -> str:
    """Text: the entry of the journal that says that the body of this one was erased here."""
    return f"{ERASED}{feed}/{seq:0{_SIZE_DIGITS}d}"


def unmarked_name(feed: FeedId, seq: int) -> str:
    """Nothing but the name: that this entry of our own came, and no mark of ours covered it."""
    return f"{UNMARKED}{feed}/{seq:0{_SIZE_DIGITS}d}"


def founding_name(feed: FeedId) -> str:
    """Text: the fingerprint of the key that founded `feed`, as two persons compared it."""
    return f"{FOUNDINGS}{feed}"
