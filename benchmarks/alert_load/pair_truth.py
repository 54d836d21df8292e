"""What happened between two tracks, by the recording: see `truth` for how a path is made of it.

Well clear is violated at an instant if the volume of DO-365B (corrective and warning: 0.66 NM,
450 ft, modified tau 35 s) holds for the recorded places, and for velocities that are the path's
own. The formula is written out here apart from detection's (AIAA 2014-2412, as WCV_TAUMOD).
"""

from collections.abc import Iterator

import numpy as np
from benchmarks.alert_load.between_tracks import Between, Minima
from benchmarks.alert_load.columns import Columns, Floats, Ints, Mask
from benchmarks.alert_load.truth import Fine, Spell, arc_m, spells_of

from crosstell.core.quantity import feet_to_m, nautical_miles_to_m

TIE_M = 0.001
HEIGHT_M = feet_to_m(450.0)
DISTANCE_M = nautical_miles_to_m(0.66)
TAU_S = 35.0
LOOK_M = 30_000.0  # tau is 35 s: no two are in violation from further away

PairSpells = dict[tuple[int, int], tuple[Spell, ...]]


def infringed_between(path: Fine, columns: Columns, minima: Minima) -> PairSpells:
    """When each two tracks of different operators were within the minima of each other."""
    operators = np.unique(np.array(columns.operators), return_inverse=True)[1]
    count = len(columns.names)
    velocity = _velocity(path) if minima.rule is Between.WELL_CLEAR else path.point
    times: list[Floats] = []
    owners: list[Ints] = []
    for rows in _instants(path):
        a, b = np.triu_indices(len(rows), 1)
        one, other = rows[a], rows[b]
        use = operators[path.track[one]] != operators[path.track[other]]
        use &= np.abs(path.altitude_m[one] - path.altitude_m[other]) <= minima.vertical_m + TIE_M
        one, other = one[use], other[use]
        if minima.rule is Between.SEPARATION:
            apart = np.linalg.norm(path.point[one] - path.point[other], axis=-1)
            inside: Mask = arc_m(apart) <= minima.lateral_m + TIE_M
        else:
            near = np.linalg.norm(path.point[one] - path.point[other], axis=-1) <= LOOK_M
            one, other = one[near], other[near]
            inside = _violates(path, velocity, one, other)
        one, other = one[inside], other[inside]
        low = np.minimum(path.track[one], path.track[other])
        high = np.maximum(path.track[one], path.track[other])
        times.append(path.time_s[one])
        owners.append(low * count + high)
    found = spells_of(np.concatenate(times), np.concatenate(owners))
    return {divmod(owner, count): spells for owner, spells in found.items()}


def _instants(path: Fine) -> Iterator[Ints]:
    """The rows of each instant at which at least two tracks are known."""
    order = np.argsort(path.time_s, kind="stable")
    cuts = np.flatnonzero(np.diff(path.time_s[order])) + 1
    starts = np.concatenate([[0], cuts])
    sizes = np.diff(np.concatenate([starts, [len(order)]]))
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if size > 1:
            yield order[start : start + size]


def _velocity(path: Fine) -> Floats:
    """The path's own velocity, Earth-centred, with the climb in a fourth column."""
    step_s = np.diff(path.time_s, append=np.inf)
    same = (np.diff(path.track, append=-1) == 0) & (step_s > 0.0) & (step_s <= 5.0)
    places = np.column_stack([path.point, path.altitude_m])
    change = np.diff(places, axis=0, append=places[-1:])
    rates = np.where(same[:, None], change / step_s[:, None], np.nan)
    back = np.isnan(rates[:, 0])
    rates[1:][back[1:]] = rates[:-1][back[1:]]  # the last of a piece goes on as before
    found: Floats = np.nan_to_num(rates)
    return found


def _violates(path: Fine, velocity: Floats, one: Ints, other: Ints) -> Mask:
    """The well-clear volume, at each of these instants."""
    s = path.point[other] - path.point[one]
    v = velocity[other, :3] - velocity[one, :3]
    range_2 = np.einsum("ij,ij->i", s, s)
    closing = np.einsum("ij,ij->i", s, v)
    speed_2 = np.einsum("ij,ij->i", v, v)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau = (DISTANCE_M**2 - range_2) / closing
        nearest_s = np.where(speed_2 > 0.0, -closing / speed_2, 0.0)
    nearest_s = np.maximum(0.0, np.nan_to_num(nearest_s))
    miss_2 = range_2 + 2.0 * nearest_s * closing + nearest_s**2 * speed_2
    soon = (closing < 0.0) & (tau <= TAU_S) & (miss_2 <= DISTANCE_M**2)
    level = np.abs(path.altitude_m[other] - path.altitude_m[one]) <= HEIGHT_M
    found: Mask = level & ((range_2 <= DISTANCE_M**2) | soon)
    return found


def both_known(first: tuple[Spell, ...], second: tuple[Spell, ...]) -> tuple[Spell, ...]:
    """The spells for which both are known."""
    found = []
    for one in first:
        for other in second:
            start_s, end_s = max(one.start_s, other.start_s), min(one.end_s, other.end_s)
            if start_s <= end_s:
                found.append(Spell(start_s=start_s, end_s=end_s))
    return tuple(sorted(found, key=lambda spell: spell.start_s))
