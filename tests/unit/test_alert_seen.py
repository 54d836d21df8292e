"""An alert that changed after the person saw it is not acknowledged: in words, and on record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from node_pair import ALPHA, World, post
from test_mechanism_acts import refusal
from test_mechanism_waiting import approaching

from crosstell.core.detection.alert import AlertAcknowledged, Attention, Shown
from crosstell.core.detection.finding import Assessed
from crosstell.core.errors import Duplicate, RefusalCode
from crosstell.core.mechanism.view import alert_view
from crosstell.core.protocol.rule import AlertLevel


def risen() -> tuple[World, Shown]:
    """Urgent, then critical: what was shown before it rose."""
    world = World()
    world.settle(ALPHA, post(ALPHA))
    approaching(world, 33_000.0)
    return world, shown(world)


def shown(world: World) -> Shown:
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    return alert.shown


def seen(of: Shown) -> AlertAcknowledged:
    return AlertAcknowledged(
        alert=of.alert, level=of.level, assessed=of.finding.assessed, returns=of.returns
    )


def test_alr_440_an_alert_that_rose_after_it_was_seen_still_needs_a_person() -> None:
    """Refused in words that say what changed; acknowledged as it is, it is acknowledged."""
    world, before = risen()
    approaching(world, 14_000.0)
    assert (before.level, shown(world).level) == (AlertLevel.URGENT, AlertLevel.CRITICAL)
    refused = refusal(world, world.act(ALPHA, seen(before)))
    assert refused.code is RefusalCode.WRONG_STATE
    assert "is critical now, and you saw it urgent: it still needs you; look" in refused.text
    assert world.alerts(ALPHA)[0].attention is Attention.RINGING
    world.settle(ALPHA, seen(shown(world)))
    assert world.alerts(ALPHA)[0].attention is Attention.ACKNOWLEDGED
    assert isinstance(world.act(ALPHA, seen(shown(world))).no, Duplicate)


@pytest.mark.parametrize(
    ("saw", "words"),
    [
        (
            {"assessed": Assessed.CANNOT_BE_RULED_OUT},
            "infringes as reported now, and you saw that it could not be",
        ),
        ({"returns": -1}, "was gone, and has come back since you saw it"),
    ],
    ids=["verdict", "return"],
)
def test_alr_440_so_does_one_that_hardened_or_came_back(saw: dict[str, Any], words: str) -> None:
    """At the same level too."""
    world, now = risen()
    assert now.finding.assessed is Assessed.INFRINGES
    assert words in refusal(world, world.act(ALPHA, replace(seen(now), **saw))).text


def test_alr_440_so_does_one_whose_call_by_is_over_by_a_newer_finding() -> None:
    """A call-by that ran out before the person's eyes refuses nothing."""
    world, _ = risen()
    approaching(world, 6_000.0)
    (alert,) = world.alerts(ALPHA)
    view = alert_view(world.state(ALPHA), alert, world.now)
    assert view is not None
    assert view.call_by is not None
    assert view.call_by <= world.now
    ahead = replace(seen(shown(world)), call_by=world.now + timedelta(minutes=3))
    assert "and is over, and you saw" in refusal(world, world.act(ALPHA, ahead)).text
    world.settle(ALPHA, replace(ahead, call_by=view.call_by))
    assert world.alerts(ALPHA)[0].attention is Attention.ACKNOWLEDGED


def test_alr_440_what_is_better_by_now_refuses_nothing() -> None:
    """Nor does what the person does not state."""
    world, now = risen()
    world.settle(ALPHA, AlertAcknowledged(alert=now.alert, level=now.level, returns=7))
    assert world.alerts(ALPHA)[0].attention is Attention.ACKNOWLEDGED
