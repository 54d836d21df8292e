"""Releases, shares and copies for the tests, about the objects of `node_pair`."""

from datetime import timedelta
from typing import Any

from node_pair import ALPHA, BRAVO, DIRECTOR, SEA, START, World, area, seen
from picture_values import ref

from crosstell.codecs import parcel
from crosstell.core.geometry.footprint import Circle
from crosstell.core.ids import ComponentId, Latest, NoticeId, PartyId, TrackId
from crosstell.core.instant import Window
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemKind, ItemReleased, ReleaseId
from crosstell.core.picture.releasing.share import (
    Contains,
    ShareGranted,
    ShareId,
    ShareRevoked,
    ShareTerms,
    ShareUpdated,
    TrackShared,
)

SECOND = Speaker(party=ALPHA, role=DIRECTOR, watch="1")
FORCES = Scope(
    speaks_for=(ComponentId("alpha-forces"),), cannot_speak_for=(ComponentId("alpha-agency"),)
)
WIDE = Coarsening(area_m=5_000.0, time_s=900.0, altitude_m=500.0)
TOLD = Coarsening(area_m=2_000.0, time_s=60.0)


def terms(*to: PartyId, minutes: float = 30.0, **changes: Any) -> ShareTerms:  # noqa: ANN401
    """A share with these, by default for half an hour from START, told each minute."""
    fields: dict[str, Any] = {
        "called": "tanker one",
        "to": to or (BRAVO,),
        "purpose": "refuelling beside your exercise",
        "marking": "TEST SHARED",
        "until": START + timedelta(minutes=minutes),
        "every_s": 60.0,
        "coarsened": TOLD,
    }
    return ShareTerms(**(fields | changes))


def share(*to: PartyId, name: str = "sh-1", track: str = "t1", **changes: Any) -> TrackShared:  # noqa: ANN401
    """A share of one of alpha's tracks, by two persons."""
    return TrackShared(
        share=ShareId(name), track=TrackId(track), terms=terms(*to, **changes), second=SECOND
    )


def release(
    name: str,
    under: str,
    *to: PartyId,
    kind: ItemKind = ItemKind.NOTICE,
    **changes: Any,  # noqa: ANN401
) -> ItemReleased:
    """A release of alpha's item of that id."""
    fields: dict[str, Any] = {
        "release": ReleaseId(f"rel-{under}"),
        "kind": kind,
        "item": Latest(party=ALPHA, id=name),
        "under": under,
        "to": to or (BRAVO,),
        "purpose": "so that they keep clear",
        "marking": "TEST RELEASED",
    }
    return ItemReleased(**(fields | changes))


def own_track(world: World, track: str = "t1", north_m: float = 60_000.0) -> None:
    """Alpha's radar sees an object, and alpha states that it is its own."""
    world.observe(ALPHA, seen(world.now, north_m, track=track))
    world.settle(ALPHA, ours(track))


def ours(track: str = "t1") -> OwnershipStated:
    subject = OwnTrack(track=TrackId(track))
    return OwnershipStated(subject=subject, answer=OwnershipAnswer.OURS, scope=FORCES)


def released(world: World, party: PartyId, name: str) -> NoticeFiled:
    """The newest version of alpha's notice of that id as that party holds it."""
    return world.state(party).feeds[ALPHA].notices[NoticeId(name)].latest.event


def opened(message: bytes) -> bytes:
    """Every byte that a parcel carries, as sent and out of its base64."""
    found = parcel.decode(message)
    rows = b"".join(row.leaf + (row.salt or b"") + (row.body or b"") for row in found.rows)
    return message + rows + b"".join((*found.notes, *found.forks))


def crossed(world: World) -> bytes:
    """Every byte that left a node so far."""
    return b"".join(opened(message.body) for _, message in world.sent)


VOLUME = area(2_000.0)
UPDATE = ShareUpdated(
    share=ShareId("sh-1"),
    volume=type(VOLUME)(
        footprint=Circle(centre=SEA, radius_m=4_000.0),
        lower=VOLUME.lower,
        upper=VOLUME.upper,
        window=Window(start=START, end=START + timedelta(minutes=1)),
    ),
    contains=Contains.STATED_ACCURACY,
)
RELEASES: tuple[object, ...] = (
    release("roz-1", "roz-1-b", item=ref(3), coarsened=WIDE, second=SECOND),
    share(),
    ShareGranted(share=ShareId("sh-1"), terms=terms(), second=SECOND),
    UPDATE,
    ShareRevoked(share=ShareId("sh-1"), reason="the exercise is over"),
    CopyMade(
        items=(ref(1),), recipient="the ministry", purpose="briefing", marking="TEST", number=1
    ),
)
