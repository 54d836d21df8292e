"""One installation under several protocols: nothing of one shows in another."""

from pathlib import Path

from line_sites import certificate, sites
from node_pair import ALPHA, BRAVO, World, call
from split_world import opened
from test_node_exchange import _logs
from test_peers_hostile import dial, post

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel


def test_nothing_of_one_protocol_is_in_another(tmp_path: Path) -> None:
    """PEER-030: the same two parties under two protocols: feeds, certificates, ports."""
    one = World(names=(ALPHA, BRAVO), seed="one")
    two = World(names=(ALPHA, BRAVO), seed="two")
    for number in range(5):
        one.settle(ALPHA, call(f"only-one-{number}"))
    two.settle(ALPHA, call("only-two"))
    names = [
        name.encode()
        for party in (ALPHA, BRAVO)
        for name in (one.parties[party].setting.feed, one.parties[party].setting.journal)
    ]
    said = b"\n".join(opened(message.body) for _, message in two.sent)
    for party in (ALPHA, BRAVO):
        store = two.parties[party].store
        for feed in store.feeds():
            said += b"\n".join(row.leaf + (row.body or b"") for row in store.entries(feed))
        said += b"\n".join(put.value for put in store.blobs(""))
    assert not [name for name in names if name in said]
    assert b"only-one" not in said
    assert {log.size for _, log in _logs(two, BRAVO)} == {2}
    with sites(two, certificates={BRAVO: certificate("bravo under two")}) as both:
        both[ALPHA].listen()
        line = dial(both[ALPHA], BRAVO, tmp_path)
        assert post(line, b"") == (0, b"")
        line.close()
        with dial(both[ALPHA], "bravo under two", tmp_path) as known:
            other = parcels.encode(Parcel(sender=one.parties[BRAVO].setting.feed, have=()))
            assert post(known, other)[0] == 403
        with dial(both[ALPHA], "bravo under two", tmp_path) as known:
            assert post(known, b"")[0] == 200
