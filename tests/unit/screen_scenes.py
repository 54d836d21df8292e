"""Scenes of the screen: two real nodes, an object on its way to a place, and what is shown."""

from typing import Any

from node_pair import (
    ALPHA,
    World,
    post,
)

from crosstell.core.ids import PartyId
from crosstell.core.mechanism.screen.alerts import ScreenAlert
from crosstell.core.mechanism.screen.queue import ItemKind, QueueItem
from crosstell.core.mechanism.screen.screen import Screen, screen

HOUR_S = 3_600.0


def signed(**changes: Any) -> World:  # noqa: ANN401
    world = World(**changes)
    world.sign()
    return world


def threatened(*, from_m: float = 30_000.0) -> World:
    """Alpha's own place, and an object that flies towards it until an alert is raised."""
    world = signed()
    world.settle(ALPHA, post(ALPHA))
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, from_m - 120.0 * step)
    return world


def shown(world: World, party: PartyId = ALPHA) -> Screen:
    return screen(world.state(party), world.now)


def the_alert(world: World) -> ScreenAlert:
    (alert,) = shown(world).alerts
    return alert


def item(found: Screen, kind: ItemKind, **names: object) -> QueueItem:
    """The one item of that kind with these fields."""
    (one,) = [
        each
        for each in found.queue
        if each.kind is kind and all(getattr(each, k) == v for k, v in names.items())
    ]
    return one
