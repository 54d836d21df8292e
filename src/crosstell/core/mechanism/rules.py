"""The protocol's numeric rules as detection needs them: criteria, one per reading."""

from dataclasses import dataclass

from crosstell.core.detection.finding import Criterion
from crosstell.core.ids import PartyId
from crosstell.core.picture.content import (
    AvoidanceRequest,
    Content,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
)
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    KeptFrom,
    Minima,
    NumericRule,
    Standoff,
    ZoneEntry,
)
from crosstell.core.protocol.understanding import Reading, Understanding, readings
from crosstell.core.state.state import State

AT_ANY_HEIGHT_M = 1_000_000.0  # no altitude we accept is as far from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One rule under one reading. `reading.party` None is the protocol's own text."""

    rule: NumericRule
    reading: Reading


def numeric_rules(protocol: Protocol) -> tuple[NumericRule, ...]:
    """The rules with figures, in the document's order."""
    return tuple(rule for rule in protocol.rules if isinstance(rule, Standoff | ZoneEntry))


def tests_of(state: State) -> tuple[Test, ...]:
    """Every numeric rule under every reading of it, in the document's order, then by party."""
    stated = understandings(state)
    return tuple(
        Test(rule=rule, reading=reading)
        for rule in numeric_rules(state.setting.protocol)
        for reading in readings(rule, stated)
    )


def understandings(state: State) -> tuple[Understanding, ...]:
    """What every party has stated of this protocol's rules and not withdrawn."""
    digest = state.setting.digest
    return tuple(
        stated
        for party in sorted(state.feeds)
        if (held := state.feeds[party].adherence.get(digest)) is not None
        for stated in held.understandings
    )


def bears(rule: NumericRule, content: Content) -> bool:
    """Whether the rule is about a declared place of this kind."""
    match rule, content:
        case ZoneEntry(zones=zones), Zone(field_type=field_type):
            return not zones or field_type.value in {zone.lower() for zone in zones}
        case Standoff(kept_from=kept_from), OwnForceLocation():
            return KeptFrom.OWN_FORCE_LOCATION in kept_from
        case Standoff(kept_from=kept_from), AvoidanceRequest():
            return KeptFrom.AVOIDANCE_PLACE in kept_from
        case Standoff(kept_from=kept_from), NotifiedSite():
            return KeptFrom.NOTIFIED_SITE in kept_from
        case Standoff(kept_from=kept_from), NotifiedMovement():
            return KeptFrom.NOTIFIED_MOVEMENT in kept_from
        case _:
            return False


def criterion(
    protocol: Protocol, rule: NumericRule, party: PartyId | None, minima: Minima
) -> Criterion:
    """What detection is to test of `rule` with these figures."""
    assumed = protocol.alerts.assumed
    return Criterion(
        rule=rule.id,
        reading=party,
        lateral_m=minima.lateral_m,
        vertical_m=AT_ANY_HEIGHT_M if minima.vertical_m is None else minima.vertical_m,
        horizon_s=protocol.alerts.horizons.advisory_s,
        unknown_accuracy_m=assumed.accuracy_m,
        unknown_speed_mps=assumed.speed_mps,
        stale_after_s=protocol.alerts.stale_after_s,
    )
