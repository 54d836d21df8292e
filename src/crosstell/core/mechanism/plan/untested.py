"""What a plan was not tested against, and whether it lies in the plan's way all the same.

That nothing is found says nothing of these, whosever they are.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.remedy.obstacle import Obstacle
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, PartyId, RuleId
from crosstell.core.mechanism.assess.pairs.plans import name_of
from crosstell.core.mechanism.concern import notice_kind
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.times import NoticeKind


class UntestedBecause(StrEnum):
    """Why nothing was computed of the two."""

    NO_RULE = "no-rule"  # no rule of the protocol is about the two
    NO_PLACE = "no-place"  # it states no place, heights or time


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanUntested:
    """A notice that stands, that no rule tests the plan against, and that may be in its way.

    `met` is how the two stand by their places, heights and windows alone; None of one without.
    """

    party: PartyId
    notice: NoticeId
    kind: NoticeKind | None
    because: UntestedBecause
    met: Assessed | None


# No rule: what both state, and nothing beside it.
_AS_STATED = Criterion(
    rule=RuleId("as-stated"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=1.0,
    unknown_accuracy_m=0.0,
    unknown_speed_mps=0.0,
    stale_after_s=1.0,
)
_SURENESS = (Assessed.INFRINGES, Assessed.CANNOT_BE_RULED_OUT, Assessed.CLEAR, None)


def plan_untested(
    plan: StandingNotice,
    notices: tuple[StandingNotice, ...],
    tested: Container[str],
    conversions: Conversions,
    now: datetime,
) -> tuple[tuple[PlanUntested, ...], int]:
    """Of every party, what is not over and not among the `tested`; what lies in its way first.

    And how many more there are that lie apart from the plan. Implements API-460, RMD-150, RMD-152.
    """
    found = list(_untested(plan, notices, tested, conversions, now))
    named = [one for one in found if one.met is not Assessed.CLEAR]
    named.sort(key=lambda one: _SURENESS.index(one.met))
    return tuple(named), len(found) - len(named)


def _untested(
    plan: StandingNotice,
    notices: tuple[StandingNotice, ...],
    tested: Container[str],
    conversions: Conversions,
    now: datetime,
) -> Iterator[PlanUntested]:
    for notice in notices:
        volumes = volumes_of(notice.content)
        ahead = [one for one in volumes if one.window.end > now]
        if name_of(notice) == name_of(plan) or called(notice) in tested or (volumes and not ahead):
            continue
        yield PlanUntested(
            party=notice.party,
            notice=notice.notice,
            kind=notice_kind(notice.content),
            because=UntestedBecause.NO_RULE if volumes else UntestedBecause.NO_PLACE,
            met=_met(volumes_of(plan.content), ahead, conversions) if volumes else None,
        )


def called(notice: StandingNotice) -> str:
    """The version of a notice, named for a person."""
    return f"{notice.notice} of {notice.party}, version {notice.version}"


def _met(parts: tuple[Volume, ...], volumes: list[Volume], conversions: Conversions) -> Assessed:
    """The surest of how a part and a volume share place, heights and time."""
    surest = Assessed.CLEAR
    for volume in volumes:
        obstacle = Obstacle(what="", volume=volume, criterion=_AS_STATED, conversions=conversions)
        for part in parts:
            met = obstacle.overlap(part)
            if met is not None and met.assessed is Assessed.INFRINGES:
                return Assessed.INFRINGES
            surest = surest if met is None else met.assessed
    return surest
