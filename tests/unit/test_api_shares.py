"""What another party shares of its tracks reaches a person, no longer than it counts."""

from api_desk import READER, Desk, person
from node_pair import ALPHA, BRAVO, World, seen
from release_values import own_track, share

from crosstell.cli.operate.telling import VIEWS


def shared() -> World:
    """Alpha shares a track with bravo, for half an hour, and has told where it is."""
    world = World()
    world.sign()
    own_track(world)
    world.settle(ALPHA, share())
    for second in range(0, 120, 10):
        world.wait(10.0)
        world.observe(ALPHA, seen(world.now, 59_000.0 - 60.0 * second, track="t1"))
        world.deliver()
    return world


def test_api_405_a_share_reaches_a_person_at_the_other_party_and_is_no_track_there() -> None:
    """REL-034: in its words, with its area, and not among the tracks."""
    desk = Desk(world=shared(), party=BRAVO, signed=False)
    with desk.running() as client:
        rita = person(client, READER)
        found = rita.get("/shares").json()
        assert rita.get("/tracks").json()["tracks"] == []
    (one,) = found["shares"]
    assert (one["by"], one["called"], one["standing"]) == (ALPHA, "tanker one", "open")
    assert "tanker one: shared by alpha for refuelling beside your exercise until" in one["text"]
    assert "never a target" in one["text"]
    assert "circle" in one["volume"]["footprint"]
    told = list(VIEWS["shares"](found))
    assert told[0] == one["text"]
    assert told[1].startswith("  within ")


def test_api_405_a_share_that_is_over_is_shown_without_its_area() -> None:
    """REL-034: the words stay, the position goes, on the command line too."""
    world = shared()
    world.pass_time(1_900.0)
    desk = Desk(world=world, party=BRAVO, signed=False)
    with desk.running() as client:
        found = person(client, READER).get("/shares").json()
    (one,) = found["shares"]
    assert (one["standing"], "volume" in one) == ("over", False)
    assert list(VIEWS["shares"](found)) == [one["text"]]
    assert "over, nothing of it is shown" in one["text"]
