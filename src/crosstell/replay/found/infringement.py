"""What was found of each object at a place, at its strongest, and whose an object is stated to be.

Present, predicted and not ruled out are three things: an alert that predicts is no breach.
Whose an object is, only its own side can say; that another side observed it says nothing of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crosstell.core.detection.about import tracks_of
from crosstell.core.detection.alert import AlertKey
from crosstell.core.detection.finding import Assessed, Finding
from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import EntryRef, PartyId, TrackId
from crosstell.core.line.content import AboutTrack
from crosstell.core.picture import ownership
from crosstell.core.picture.ownership import (
    Ownership,
    OwnershipCorrected,
    OwnershipState,
    OwnershipStated,
    OwnTrack,
)
from crosstell.core.picture.scoped import ANY_OTHER, named_in
from crosstell.core.picture.track import TrackReported
from crosstell.core.table import Stamp
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import Verdict

Object = tuple[PartyId, TrackId]  # whose picture it is in, and its track there

_STRENGTH = (Verdict.NOT_RULED_OUT, Verdict.PREDICTED, Verdict.PRESENT)


@dataclass(slots=True, kw_only=True)
class Story:
    """What one side found of one track at one notice under one rule and reading.

    `verdict` is the strongest; `shown` and `finding` the nearest of that verdict; `possible_now`
    the first that could not exclude an infringement at its own time, if any.
    """

    holder: PartyId
    key: AlertKey
    verdict: Verdict
    shown: Sight
    finding: Finding
    possible_now: tuple[Sight, Finding] | None = None

    @property
    def objects(self) -> tuple[Object, ...]:
        """The objects, as their holder names them; none for notices alone."""
        return tuple((self.holder, track) for track in tracks_of(self.key.about))


def verdict_of(finding: Finding) -> Verdict | None:
    """What one finding says at its time; None if it is clear. Implements REP-060.

    Present only by the values as reported: what accuracy alone makes possible is not present.
    """
    match finding.assessed:
        case Assessed.CLEAR:
            return None
        case Assessed.CANNOT_BE_RULED_OUT:
            return Verdict.NOT_RULED_OUT
        case Assessed.INFRINGES:
            nominal_in_s = finding.nominal_in_s
            now = finding.infringement_in_s == 0.0 and nominal_in_s in (None, 0.0)
            return Verdict.PRESENT if now else Verdict.PREDICTED


def stories_of(trace: Trace) -> dict[tuple[PartyId, AlertKey], Story]:
    """Everything that any node found, raised as an alert or not."""
    found: dict[tuple[PartyId, AlertKey], Story] = {}
    for sight in trace.sights:
        finding = getattr(sight.body, "finding", None)
        key = getattr(sight.body, "key", None)
        if not isinstance(finding, Finding) or not isinstance(key, AlertKey):
            continue
        verdict = verdict_of(finding)
        if verdict is None:
            continue
        new = Story(holder=sight.held_by, key=key, verdict=verdict, shown=sight, finding=finding)
        story = found.setdefault((sight.held_by, key), new)
        if finding.infringement_in_s <= 0.0:
            story.possible_now = story.possible_now or (sight, finding)
        if _rank(new) > _rank(story):
            story.verdict, story.shown, story.finding = verdict, sight, finding
    return found


def _rank(story: Story) -> tuple[int, float]:
    return _STRENGTH.index(story.verdict), -story.finding.distance_m


def owners_of(trace: Trace) -> dict[Object, dict[PartyId, Sight]]:
    """Whose each object is by its own side's statement, with the entry that says so.

    A statement about an entry (a call, a broadcast, a told track) is about the tracks it names.
    """
    own = [sight for sight in trace.sights if sight.held_by == sight.of]
    bodies = {sight.ref: sight for sight in own}
    held: dict[tuple[PartyId, OwnTrack | EntryRef], Ownership] = {}
    entries: dict[tuple[PartyId, OwnTrack | EntryRef], Sight] = {}
    for sight in own:
        body = sight.body
        if not isinstance(body, OwnershipStated | OwnershipCorrected):
            continue
        subject = body.subject
        if not isinstance(subject, OwnTrack | EntryRef):
            continue
        stamp = Stamp(ref=sight.ref, by=sight.by, at=sight.at)
        after = ownership.advance(held.get((sight.of, subject)), body, stamp)
        if not isinstance(after, Refused | Duplicate):
            held[sight.of, subject] = after
            entries[sight.of, subject] = sight
    found: dict[Object, dict[PartyId, Sight]] = {}
    for (party, subject), said in held.items():
        if _ours(said):
            for one in _objects(party, subject, bodies):
                found.setdefault(one, {})[party] = entries[party, subject]
    return found


def _ours(said: Ownership) -> bool:
    components = (*named_in(one.event.scope for one in said.statements), ANY_OTHER)
    return any(ownership.state_for(said, one) is OwnershipState.OURS for one in components)


def _objects(
    party: PartyId, subject: OwnTrack | EntryRef, bodies: dict[EntryRef, Sight]
) -> Iterable[Object]:
    if isinstance(subject, OwnTrack):
        return ((party, subject.track),)
    sight = bodies.get(subject)
    if sight is None:
        return ()
    if isinstance(sight.body, TrackReported):
        return ((sight.of, sight.body.track),)
    about = getattr(sight.body, "about", ())
    return tuple((one.party, one.track) for one in about if isinstance(one, AboutTrack))
