"""The assignment of pairs against trying every way, on small graphs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosstell.core.assessment.registration.assignment import PART_MAX, TooCrowded, assign, parts

LIMIT = 10.0

Edges = list[tuple[int, int, float]]

edges = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 4), st.floats(-8.0, 14.0).map(lambda cost: round(cost, 3))
    ),
    max_size=9,
    unique_by=lambda edge: edge[:2],
)


def taken(graph: Edges) -> list[int]:
    rows, columns = (np.array([edge[at] for edge in graph], dtype=np.int64) for at in (0, 1))
    cost = np.array([edge[2] for edge in graph], dtype=np.float64)
    return [int(edge) for edge in assign(rows, columns, cost, limit=LIMIT)]


def worth(graph: Edges, chosen: tuple[int, ...] | list[int]) -> float:
    return sum(LIMIT - graph[number][2] for number in chosen)


def brute(graph: Edges) -> float:
    """The most that any set of edges is worth of which no two share an end."""
    best = 0.0
    for size in range(1, 6):
        for chosen in combinations(range(len(graph)), size):
            rows = {graph[number][0] for number in chosen}
            columns = {graph[number][1] for number in chosen}
            if len(rows) == len(columns) == size:
                best = max(best, worth(graph, chosen))
    return best


@given(edges)
@example([])
@example([(0, 0, 1.0), (0, 1, 2.0), (1, 0, 2.0), (1, 1, 9.0)])
@example([(0, 0, 9.5), (1, 0, 9.0), (1, 1, 9.9)])
def test_dis_010_no_other_choice_is_worth_more(graph: Edges) -> None:
    chosen = taken(graph)
    assert len({graph[number][0] for number in chosen}) == len(chosen)
    assert len({graph[number][1] for number in chosen}) == len(chosen)
    assert worth(graph, chosen) == pytest.approx(brute(graph), abs=1e-9)


@given(edges, st.randoms(use_true_random=False))
def test_dis_010_the_order_of_edges_does_not_change_the_worth(
    graph: Edges,
    random: object,
) -> None:
    mixed = list(graph)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert worth(mixed, taken(mixed)) == pytest.approx(worth(graph, taken(graph)), abs=1e-9)


def test_dis_010_a_large_part_is_solved_and_a_larger_one_refused() -> None:
    count = 60
    draw = np.random.default_rng(1)
    place = draw.uniform(0.0, 1.0, count)
    rows, columns = (each.ravel() for each in np.meshgrid(np.arange(count), np.arange(count)))
    order = np.argsort(place)
    cost = np.abs(place[rows] - np.sort(place)[columns])
    chosen = assign(rows, columns, cost, limit=LIMIT)
    assert [int(rows[edge]) for edge in sorted(chosen, key=lambda edge: columns[edge])] == list(
        order
    )
    many = np.arange(PART_MAX + 2)
    with pytest.raises(TooCrowded, match="cannot be told apart"):
        assign(many, np.zeros_like(many), np.ones(len(many)), limit=LIMIT)


def test_parts_hang_together() -> None:
    rows, columns = np.array([0, 1, 1, 2, 3]), np.array([0, 0, 1, 2, 3])
    assert [part.tolist() for part in parts(rows, columns)] == [[0, 1, 2], [3], [4]]
