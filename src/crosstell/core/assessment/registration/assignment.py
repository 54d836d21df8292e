"""Which pairs of a sparse graph to take, so that what they are worth is the most in all.

Each row and each column is taken once at most. An edge is worth what it costs less than `limit`.
Most edges of a gated picture touch nothing else and are taken at once; what hangs together is
solved exactly, one connected part at a time, by shortest augmenting paths (Kuhn and Munkres; the
potentials keep every reduced cost from falling below zero).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PART_MAX = 300  # rows or columns that hang together; a denser crowd is not told apart at all


class TooCrowded(Exception):
    """More objects hang together than one part may hold; `register` makes it a refusal."""


def assign(rows: Ints, columns: Ints, cost: Floats, *, limit: float) -> Ints:
    """The numbers of the edges taken, in order. Raises TooCrowded above PART_MAX.

    Implements DIS-010.
    """
    usable = np.flatnonzero(cost < limit)
    if usable.size == 0:
        return usable
    rows, columns, cost = rows[usable], columns[usable], cost[usable]
    alone = (np.bincount(rows)[rows] == 1) & (np.bincount(columns)[columns] == 1)
    taken = [np.flatnonzero(alone)]
    rest = np.flatnonzero(~alone)
    taken += [
        rest[part][_solved(rows[rest[part]], columns[rest[part]], cost[rest[part]], limit)]
        for part in parts(rows[rest], columns[rest])
    ]
    return np.asarray(usable[np.sort(np.concatenate(taken))], dtype=np.int64)


def parts(rows: Ints, columns: Ints) -> list[Ints]:
    """The edges of each connected part, in order of each part's first edge."""
    above: dict[int, int] = {}

    def root(node: int) -> int:
        above.setdefault(node, node)
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        one, other = root(row), root(-1 - column)
        above[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for number, row in enumerate(rows.tolist()):
        found.setdefault(root(row), []).append(number)
    return [np.array(part, dtype=np.int64) for part in found.values()]


def _solved(rows: Ints, columns: Ints, cost: Floats, limit: float) -> Ints:
    """The edges taken of one part: each row has a place of its own to stay alone, at `limit`."""
    row_names, row = np.unique(rows, return_inverse=True)
    column_names, column = np.unique(columns, return_inverse=True)
    high, wide = len(row_names), len(column_names)
    if max(high, wide) > PART_MAX:
        raise TooCrowded(f"{high} by {wide} tracks cannot be told apart; at most {PART_MAX}")
    table = np.full((high, wide + high), 4.0 * limit * (high + 1))
    table[:, wide:] = limit
    edge = np.full((high, wide), -1, dtype=np.int64)
    for number in np.argsort(-cost, kind="stable").tolist():  # the cheapest of doubles is last
        table[row[number], column[number]] = cost[number]
        edge[row[number], column[number]] = number
    took = _cheapest(table)
    found = [edge[at, place] for at, place in enumerate(took) if place < wide]
    return np.array([number for number in found if number >= 0], dtype=np.int64)


def _cheapest(table: Floats) -> list[int]:
    """The column of each row in the cheapest full assignment of a table wider than high."""
    high, wide = table.shape
    row_price, column_price = np.zeros(high), np.zeros(wide)
    row_at = np.full(wide, -1, dtype=np.int64)  # which row holds a column
    for start in range(high):
        far, came = np.full(wide, np.inf), np.full(wide, -1, dtype=np.int64)
        done = np.zeros(wide, dtype=np.bool_)
        row, reached, spent = start, -1, 0.0
        while True:  # at most one turn for each column
            reduced = spent + table[row] - row_price[row] - column_price
            better = ~done & (reduced < far)
            far[better], came[better] = reduced[better], row
            reached = int(np.argmin(np.where(done, np.inf, far)))
            spent = float(far[reached])
            if row_at[reached] < 0:
                break
            done[reached] = True
            row = int(row_at[reached])
        row_price[start] += spent
        seen = np.flatnonzero(done)
        row_price[row_at[seen]] += spent - far[seen]
        column_price[seen] -= spent - far[seen]
        column = reached
        while True:  # back along the path, to the row that it began with
            holder = int(came[column])
            before = np.flatnonzero(row_at == holder)
            row_at[column] = holder
            if holder == start:
                break
            column = int(before[0])
    return [int(np.flatnonzero(row_at == each)[0]) for each in range(high)]
