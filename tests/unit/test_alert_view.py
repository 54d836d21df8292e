"""An alert in words."""

from dataclasses import replace

import pytest
from alert_values import KEY, TERMS, doubtful, finding, fold, run
from picture_values import at

from crosstell.core.detection.alert import (
    Alert,
)
from crosstell.core.detection.alert_view import AlertView, alert_view
from crosstell.core.detection.decision import (
    NotTested,
    NotTestedBecause,
    decide,
)
from crosstell.core.detection.finding import Reason
from crosstell.core.ids import PartyId


def view(alert: Alert | None, seconds: float) -> AlertView:
    assert alert is not None
    made = alert_view(alert, now=at(seconds))
    assert made is not None
    return made


def test_the_view_says_all_of_it_with_its_age() -> None:
    """ALR-017."""
    made = view(run("uu"), 40)
    assert (made.infringement_in_s, made.nominal_in_s, made.age_s) == (70.0, 70.0, 30.0)
    assert made.text == (
        "urgent: infringes in 70 s (found 30 s ago)",
        "rule standoff, as the protocol has it; track uav-1; notice post-1 version 1 of blue",
        "raised 2023-10-05T04:00:10Z; not acknowledged",
    )
    assert view(run("cc"), 10).text[0] == "critical: infringes"
    assert view(run("cc"), 40).text[0] == "critical: infringes (found 30 s ago)"
    watched = run("u")
    assert watched is not None
    assert alert_view(watched, now=at(0)) is None


def test_a_prediction_that_has_run_out_is_not_shown_as_seen() -> None:
    """ALR-017, ALR-018: nothing was found since; a person must not read it as current."""
    assert view(run("uu"), 500).text[0] == (
        "urgent: was to infringe 390 s ago, not found again since (found 490 s ago)"
    )


def test_an_infringement_that_may_come_earlier_says_so() -> None:
    """ALR-017, ALR-018."""
    both = replace(finding(100.0), infringement_in_s=40.0, reasons=(Reason.POSITION_ACCURACY,))
    raised = decide(None, both, replace(TERMS, hits_needed=1), at=at(0))
    assert view(fold(None, raised), 10).text[0] == (
        "urgent: infringes in 90 s; not ruled out in 30 s at the earliest, because of "
        "position-accuracy (found 10 s ago)"
    )


def test_a_cleared_alert_had_a_level_and_an_ended_track_is_not_known_to_be_clear() -> None:
    """ALR-018: the source that lost the object says nothing of where it is."""
    alert = run("cc")
    gone = NotTested(key=KEY, because=NotTestedBecause.TRACK_ENDED)
    text = view(fold(alert, decide(alert, gone, TERMS, at=at(20))), 50).text
    assert text[0] == "cleared, was critical: infringes (found 40 s ago)"
    assert text[2] == (
        "cleared 2023-10-05T04:00:20Z: its source ended the track; where it is now is not known; "
        "nobody acknowledged it"
    )


@pytest.mark.parametrize(
    ("letters", "line"),
    [
        ("aas", "last known, 40 s ago: the track is stale; not acknowledged"),
        ("aa---", "cleared 2023-10-05T04:00:40Z: no longer found; nobody acknowledged it"),
        ("aa---aa", "gone and returned: 1"),
    ],
)
def test_the_view_of_what_came_after(letters: str, line: str) -> None:
    """ALR-017."""
    assert line in view(run(letters), 50).text


def test_the_view_of_a_doubtful_finding_under_an_understanding() -> None:
    """ALR-017."""
    doubt = replace(doubtful(45.0), reading=PartyId("red"))
    raised = decide(None, doubt, replace(TERMS, hits_needed=1), at=at(0))
    text = view(fold(None, raised), 5).text
    assert text[0] == (
        "urgent: cannot be ruled out, in 40 s at the earliest, because of altitude-unknown "
        "(found 5 s ago)"
    )
    assert "under the understanding of red" in text[1]
    assert view(run("aa-"), 30).text[0] == ("advisory: the last finding is clear (found 10 s ago)")


def test_a_level_that_is_kept_without_trust_says_so() -> None:
    """ALR-033: since when, for how long, and that it was not found again."""
    kept = (
        "positions not trustworthy since 2023-10-05T04:00:20Z (40 s): the level is kept, and not "
        "found again"
    )
    assert view(run("ccx"), 60).text == (
        "critical: infringes (found 50 s ago)",
        "rule standoff, as the protocol has it; track uav-1; notice post-1 version 1 of blue",
        "raised 2023-10-05T04:00:00Z; not acknowledged",
        kept,
    )
    assert kept.replace("(40 s)", "(2 h 0 min)") in view(run("ccxxxx"), 7_220).text
    lost = view(run("ccxxxx"), 7_220)
    assert lost.text[2] == "last known, 7210 s ago: nothing trusted since; not acknowledged"
    stale = view(run("ccxs"), 60)
    assert stale.text[2] == "last known, 50 s ago: the track is stale; not acknowledged"
    assert all("trust" not in line for line in view(run("ccx-"), 60).text)
