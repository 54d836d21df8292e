"""A party's feed may not speak for another party: what it says so is kept, and without effect."""

from datetime import UTC, datetime
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.ids import EntryRef, FeedId, PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.state.held import Held
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import fold, initial

PROTOCOL = Path(__file__).resolve().parents[1] / "unit" / "data" / "test-protocol.yaml"
ALPHA, BRAVO = PartyId("alpha"), PartyId("bravo")
DUTY = RoleId("duty-officer")


def test_a_feed_speaks_for_its_own_party() -> None:
    """SIM-009: alpha's signature in bravo's feed is irregular; bravo's own is not."""
    protocol = read_protocol(PROTOCOL)
    digest = digest_of(protocol)
    setting = Setting(
        party=ALPHA,
        feeds=((ALPHA, FeedId("feed-alpha")), (BRAVO, FeedId("feed-bravo"))),
        journal=FeedId("journal-alpha"),
        protocol=protocol,
        digest=digest,
        ring_limit=RoleId("watch-chief"),
        test_role=DUTY,
        reality=Reality.EXERCISE,
    )
    for party, irregular in ((ALPHA, 1), (BRAVO, 0)):
        held = Held(
            ref=EntryRef(feed=FeedId("feed-bravo"), seq=0, hash="0" * 64),
            kind="protocol_signed",
            at=datetime(2023, 6, 1, tzinfo=UTC),
            audience=(ALPHA,),
            by=Speaker(party=party, role=DUTY, watch="w1"),
            body=ProtocolSigned(protocol=digest),
        )
        bravo = fold(initial(setting), held).feeds[BRAVO]
        assert len(bravo.irregular) == irregular
        assert len(bravo.adherence) == 1 - irregular
