"""Every doubt of a pasted place, and what refuses it, has its words in Turkish."""

from test_told_in_turkish import lacking

DOUBTS = (
    "one of the two angles is written to a minute or coarser; see the accuracy",
    "read as decimal degrees; if the two digits after the points are minutes, write 36-30 instead",
    "the reference names a square of 10 km",
    "the middle of 37SFA00 lies beyond the edge of its grid zone, where it is 38SFA00; check zone "
    "and letters",
    "hole 1 is too small or too narrow to keep within 0.05 m; it is filled",
    "the ring was not closed; its last corner is joined with the first",
    "hole 2 was not closed; its last corner is joined with the first",
    "the line repeats 2 points; each is taken once",
    "the ring repeats 2 points; each is taken once",
    "hole 2 repeats 2 points; each is taken once",
    "programs draw long edges differently; widened by up to 12 m to hold both; put points on long "
    "edges to make it narrower",
    "altitude mode relativeToSeaFloor is not read; the heights are left out",
    "heights are left out, since the place is clamped to the ground",
    "some points have no height; the heights are left out",
    "it reaches down to the ground",
    "a TimeStamp is an instant and no window; it is left out",
    "the time from open to 2024 is left out: both ends are needed as date and time with Z or an "
    "offset",
    "times with an offset are converted to UTC",
    "the time is that of the folder around it",
    "the points are written in different forms: decimal-degrees, mgrs",
    "line 3: the reference names a square of 10 km",
    "a comma in '36,8 41,3' parts decimals only where letters say which number is which; write "
    "36.503N 40.749E",
    "the edge from corner 1 to corner 2 crosses the one from corner 3 to corner 4; write the "
    "corners in their order around the area",
    "the edge from corner 1 to corner 2 of hole 1 crosses the one from corner 3 to corner 4; write "
    "the corners in their order around the area",
)


def test_con_787_every_doubt_of_a_pasted_place_has_its_words_in_turkish() -> None:
    assert lacking(("refusals", one) for one in DOUBTS) == []
