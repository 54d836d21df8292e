"""A party whose card here is older than the feed in which it speaks now."""

from datetime import timedelta
from pathlib import Path

from line_sites import sites
from node_pair import ALPHA, BRAVO, World
from test_peers_hostile import dial, post

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel
from crosstell.core.ids import FeedId


def test_a_party_that_went_on_in_another_feed_is_told_as_a_fault(tmp_path: Path) -> None:
    """PEER-032: while we hold its old card; over when it speaks in the feed of its card."""
    world = World()
    with sites(world) as both:
        alpha = both[ALPHA]
        alpha.listen()
        old = world.parties[BRAVO].setting.feed
        for feed, status in ((FeedId("resumed"), 403), (old, 200)):
            with dial(alpha, BRAVO, tmp_path) as line:
                world.now += timedelta(seconds=1)
                parcel = parcels.encode(Parcel(sender=feed, have=()))
                assert post(line, parcel)[0] == status
                fault = alpha.post.lines()[0].fault
                assert (fault is None) == (status == 200), fault
                if fault is not None:
                    assert "of feed resumed, and its card here names another" in fault
                    assert "crosstell node party --resumed" in fault
