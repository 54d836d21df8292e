"""Notices, tracks, claims and the protocol on the screen."""

from node_pair import (
    ALPHA,
    BRAVO,
    CHIEF,
    DUTY,
    START,
    area,
    call,
    named,
    post,
    roz,
)
from screen_scenes import HOUR_S, shown, signed, threatened

from crosstell.core.assessment.account.claim import (
    ClaimStated,
    Confidence,
    Source,
    SourceKind,
    Voice,
)
from crosstell.core.assessment.account.content import Moment
from crosstell.core.ids import ClaimId, PartyId, RuleId, TrackId
from crosstell.core.instant import later, seconds_between
from crosstell.core.line.content import Telephone
from crosstell.core.line.message import CallKind
from crosstell.core.line.watch.voice import Direction, VoiceAccount, VoiceLogged, VoiceLogId
from crosstell.core.mechanism.screen.document import DecidedBy
from crosstell.core.mechanism.screen.notices import Kept
from crosstell.core.mechanism.screen.tracks import Whose
from crosstell.core.picture.content import NotifiedSite
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.picture import Freshness
from crosstell.core.picture.status import StatedStatus, StatusState, StatusStated
from crosstell.core.protocol.rule import Minima
from crosstell.core.protocol.understanding import UnderstandingStated


def test_scr_040_041_a_notice_with_each_partys_status() -> None:
    world = signed()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, post(ALPHA, "post-1"))
    notices = {str(one.notice): one for one in shown(world).notices}
    assert (notices["roz-1"].kept, notices["post-1"].kept) == (Kept.SHARED, Kept.HOME)
    assert notices["post-1"].persons == "two"
    (row,) = notices["roz-1"].statuses
    assert (row.party, row.status) == (BRAVO, StatusState.UNANSWERED)
    assert "silence is not consent" in row.text
    stated = StatusStated(notice=named("roz-1"), status=StatedStatus.RECEIVED, scope=Scope())
    world.settle(BRAVO, stated)
    (row,) = next(one for one in shown(world).notices if one.notice == "roz-1").statuses
    assert row.status is StatusState.RECEIVED
    assert [one.notice for one in shown(world, BRAVO).notices] == ["roz-1"]


def test_scr_042_the_law_stands_beside_a_site_and_what_is_long_over_is_left_out() -> None:
    world = signed()
    site = NotifiedSite(notifier="charlie", volume=area(200.0), what="clinic")
    second = Speaker(party=ALPHA, role=CHIEF, watch="1")
    filed = NoticeFiled(
        notice=roz("site-1").notice, version=1, content=site, marking="TEST", second=second
    )
    world.settle(ALPHA, filed)
    (one,) = shown(world).notices
    assert one.law is not None
    assert "law" in one.law
    world.wait(5 * HOUR_S + 25 * HOUR_S)
    assert shown(world).notices == ()


def test_scr_050_no_other_partys_track_is_shown() -> None:
    world = threatened()
    assert [one.track for one in shown(world).tracks] == ["t1"]
    assert shown(world, BRAVO).tracks == ()
    assert shown(world).tracks[0].source == "radar-1"


def test_scr_051_whose_a_track_is_as_stated() -> None:
    world = threatened()
    (track,) = shown(world).tracks
    assert (track.whose, track.said) == (Whose.NOT_STATED, ())
    stated = OwnershipStated(
        subject=OwnTrack(track=TrackId("t1")), answer=OwnershipAnswer.OURS, scope=Scope()
    )
    world.settle(ALPHA, stated, role=CHIEF)
    (track,) = shown(world).tracks
    assert track.whose is Whose.OURS
    assert {row.answer for row in track.said} == {"ours"}
    assert {word.value for word in Whose} == {"ours", "not-ours", "not-stated"}


def test_scr_052_a_stale_track_is_last_known_with_its_age() -> None:
    world = threatened()
    world.wait(60.0)
    (track,) = shown(world).tracks
    assert track.freshness is Freshness.LAST_KNOWN
    assert track.seen_at is not None
    assert seconds_between(track.seen_at, world.now) == 60.0
    assert len(track.trail_lat_deg) == len(track.trail_lon_deg) == 3
    world.sees(ALPHA, 200_000.0)
    (track,) = shown(world).tracks
    assert track.untrusted_since is not None
    assert track.untrusted_because != ()


def test_scr_070_every_rule_has_its_source_and_its_readings() -> None:
    world = signed()
    digest = world.parties[BRAVO].setting.digest
    minima = Minima(lateral_m=9_000.0, vertical_m=1_000.0)
    world.settle(
        BRAVO,
        UnderstandingStated(protocol=digest, rule=RuleId("keep-away"), text="9 km", minima=minima),
    )
    protocol = shown(world).protocol
    rules = {one.rule.id: one for one in protocol.rules}
    assert rules[RuleId("keep-away")].rule.source == "written for tests"
    (reading,) = rules[RuleId("keep-away")].readings
    assert (reading.party, reading.minima) == (BRAVO, minima)
    assert rules[RuleId("restraint")].decided_by is DecidedBy.PERSON
    assert [(one.first, one.second) for one in protocol.in_force] == [(ALPHA, BRAVO)]
    assert protocol.read_aloud.replace(" ", "").replace("\n", "") == protocol.digest


def test_scr_021_two_logs_of_one_voice_call_stand_side_by_side() -> None:
    world = signed()
    started = world.now
    world.wait(600.0)  # a call is logged when it is over

    def account(direction: Direction, other: PartyId, ended_s: float) -> VoiceAccount:
        return VoiceAccount(
            direction=direction,
            counterpart=other,
            counterpart_role=DUTY,
            own_role=DUTY,
            carriage=Telephone(),
            started_at=started,
            ended_at=later(started, by_s=ended_s),
            kind=CallKind.INFORM,
            reality=call().reality,
            language="en",
        )

    placed = account(Direction.PLACED, BRAVO, 60.0)
    world.settle(ALPHA, VoiceLogged(log=VoiceLogId("v-1"), account=placed))
    (alone,) = shown(world).voice_logs
    assert (alone.party, alone.match, alone.findings) == (ALPHA, "alone", ())
    taken = account(Direction.TAKEN, ALPHA, 600.0)
    world.settle(BRAVO, VoiceLogged(log=VoiceLogId("v-2"), account=taken))
    ours, theirs = shown(world).voice_logs
    assert (ours.match, ours.candidates, theirs.candidates) == ("matched", ("v-2",), ("v-1",))
    differ = {one.field for one in ours.findings if one.finding == "differ"}
    assert differ == {"ended"}


def strike_at(party: PartyId, after_s: float) -> ClaimStated:
    at = later(START, by_s=after_s)
    return ClaimStated(
        claim=ClaimId(f"{party}-1"),
        matter="meeting",
        content=Moment(earliest=at, latest=at, as_stated="as the log has it"),
        voice=Voice(words=f"spokesman of {party}", party=party),
        source=Source(kind=SourceKind.OWN_STATEMENT, words="briefing"),
        confidence=Confidence.AS_FACT,
        marking="TEST",
        releasable_to=(BRAVO if party == ALPHA else ALPHA,),
    )


def test_scr_060_061_claims_stand_side_by_side_with_what_is_open() -> None:
    world = signed()
    for party, second in ((ALPHA, 0), (BRAVO, 30)):
        world.settle(party, strike_at(party, second))
    accounts = shown(world).accounts
    (topic,) = accounts.topics
    assert topic.voices == ("party alpha", "party bravo")
    assert [one.recorded_by for one in topic.claims] == [ALPHA, BRAVO]
    (compared,) = topic.compared
    assert compared.relation == "differs"
    assert "apart" in compared.text
    assert any(one.point == "accounts-differ" for one in accounts.agenda)
