"""One track through a real node: what the watch is told of its positions after each observation.

The node stands alone, under the shipped scenario's protocol, with a store in memory. It signs and
keeps every observation, and is built again from its store at the end: it must know the same.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.ids import RoleId
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.assess.doubts import doubts
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.track import Observation
from crosstell.core.state.setting import Setting
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.party import Party, feed_name, introduce

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = ROOT / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml"


def through_node(observations: Sequence[Observation]) -> Iterator[tuple[str, ...]]:
    """After each observation, why the node doubts the track's positions; nothing if it does not."""
    party = _alone(observations[0])
    for one in observations:
        party.node.handle(Observed(observations=(one,)), one.received_at)
        assert party.node.degraded is None, party.node.degraded
        told = doubts(party.node.state, one.received_at).positions
        yield tuple(str(why) for doubt in told for why in doubt.because)
    live = party.node.state
    party.start()
    assert party.node.state == live, "built again from its store, the node knows something else"


def _alone(first: Observation) -> Party:
    """A party whose node runs from before the first observation on, and hears of no other."""
    protocol = read_protocol(PROTOCOL)
    names = [party.id for party in protocol.parties]
    setting = Setting(
        party=names[0],
        feeds=tuple((name, feed_name("alone", name, "feed")) for name in names),
        journal=feed_name("alone", names[0], "journal"),
        protocol=protocol,
        digest=digest_of(protocol),
        ring_limit=RoleId("watch-chief"),
        test_role=RoleId("duty-officer"),
        reality=Reality.EXERCISE,
        thin_s=0.0,
    )
    party = Party(setting=setting, seed="alone", store=MemoryStore())
    introduce({names[0]: party}, first.received_at)
    return party
