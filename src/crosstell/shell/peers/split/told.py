"""What a person should know of the exchange side: the newest of each kind, the heaviest first.

Three kinds that never take each other's place, however often one is told: what a guard held back,
who speaks under another feed than the card names, and what is wrong with the folders. A frame has
room for one text, so each kind has its part of it. Implements SPLIT-260.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from crosstell.codecs.parcels.frame import ALARM_LENGTH_MAX

AND = " | AND: "


class ToldKind(StrEnum):
    """What is told of, the heaviest first."""

    GUARD = "guard"  # a parcel was held back: a fault of ours, or a false fork proof, say
    LINE = "line"  # a party speaks in another feed than its card names
    FOLDER = "folder"  # what joins the sides is away, or holds what is no frame


PART_LENGTH_MAX = (ALARM_LENGTH_MAX - len(AND) * (len(ToldKind) - 1)) // len(ToldKind)


@dataclass(slots=True)
class Told:
    """The newest text of each kind, and how often one of that kind was told in all."""

    _newest: dict[ToldKind, tuple[str, int]] = field(default_factory=dict)

    def add(self, kind: ToldKind, text: str) -> bool:
        """It is told from now on; whether it says anything new."""
        before, count = self._newest.get(kind, ("", 0))
        self._newest[kind] = (text, count + 1)
        return text != before

    def texts(self) -> tuple[str, ...]:
        """Each kind that was told of, the heaviest first, whole."""
        return tuple(
            text if count == 1 else f"{text} ({count} times so far, of this kind)"
            for text, count in (self._newest[kind] for kind in ToldKind if kind in self._newest)
        )

    def text(self) -> str:
        """All of it in the room that a frame has; nothing where nothing was told."""
        texts = self.texts()
        room = PART_LENGTH_MAX if len(texts) > 1 else ALARM_LENGTH_MAX
        return AND.join(text[:room] for text in texts)
