"""The `keys` file of an export: founding fingerprints, and public keys as other tools take them.

One line each, sorted: `root FEED FINGERPRINT compared|not-compared`, what the exporter says of its
own comparison; `log FEED FROM KEY`, the note key of the feed's checkpoints from that size on;
`cosigner FEED KEY`, the key of its owner's cosignatures. All but the word `compared` follows from
the feeds themselves, and a reader recomputes it. Implements ARC-007.
"""

from collections.abc import Collection, Sequence

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import log_key
from crosstell.core.record.cosignature import cosigner_key
from crosstell.core.record.keys import FeedKeys
from crosstell.core.record.signing import fingerprint

_COMPARED = "compared"
_NOT_COMPARED = "not-compared"


def print_keys(feeds: Sequence[FeedKeys], compared: Collection[FeedId]) -> bytes:
    """The bytes of `keys` for these feeds; `compared` names those the exporter compared."""
    lines: list[str] = []
    for keys in feeds:
        word = _COMPARED if keys.feed in compared else _NOT_COMPARED
        lines.append(f"root {keys.feed} {fingerprint(keys.root_key)} {word}\n")
        for period in keys.periods:
            log = log_key(keys.feed, period.key)
            cosigner = cosigner_key(keys.feed, period.cosign_key)
            lines.append(f"log {keys.feed} {period.from_seq} {log.print()}\n")
            lines.append(f"cosigner {keys.feed} {cosigner.print()}\n")
    return "".join(sorted(dict.fromkeys(lines))).encode("ascii")


def compared_in(data: bytes, feeds: Sequence[FeedKeys]) -> frozenset[FeedId]:
    """The feeds whose root the exporter says it compared; PartyError if a line is not theirs."""
    compared = frozenset(
        keys.feed
        for keys in feeds
        if f"root {keys.feed} {fingerprint(keys.root_key)} {_COMPARED}\n".encode() in data
    )
    wanted = print_keys(feeds, compared)
    if wanted != data:
        pairs = zip(wanted.splitlines(), data.splitlines(), strict=False)
        number = next((n for n, (w, f) in enumerate(pairs, 1) if w != f), None)
        place = f"line {number}" if number is not None else "the last lines"
        raise PartyError(f"{place}: the keys stated are not those of the feeds' own entries")
    return compared
