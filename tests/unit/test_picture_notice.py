"""Notices: versions, withdrawal, two persons, what each kind must say."""

from dataclasses import replace

import pytest
from picture_values import START, at, by_node, speaker, stamp, volume, zone

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import NoticeId, PartyId
from crosstell.core.picture.content import (
    Activity,
    ActivityKind,
    AvoidanceRequest,
    Content,
    FieldType,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
    standing_phrase,
    volumes_of,
)
from crosstell.core.picture.notice import (
    NOTICE_TABLE,
    Notice,
    NoticeFiled,
    NoticeState,
    NoticeTime,
    NoticeWithdrawn,
    advance,
    time_of,
)
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.wording import NOTHING_TO_COMPUTE, SITE_LAW, WITHOUT_PREJUDICE
from crosstell.core.table import Verdict

LOCATION = OwnForceLocation(volume=volume(), standoff_m=1_000.0)
SITE = NotifiedSite(notifier="aid agency", volume=volume(), what="hospital")


def filed(version: int = 1, content: Content | None = None) -> NoticeFiled:
    return NoticeFiled(
        notice=NoticeId("roz-1"), version=version, content=content or zone(), marking="restricted"
    )


def withdrawn(version: int = 1) -> NoticeWithdrawn:
    return NoticeWithdrawn(notice=NoticeId("roz-1"), version=version, reason="no longer needed")


def standing(versions: int = 1) -> Notice:
    notice: Notice | None = None
    for version in range(1, versions + 1):
        after = advance(notice, filed(version), stamp(version))
        assert isinstance(after, Notice)
        notice = after
    assert notice is not None
    return notice


def refusal(answer: object) -> Refused:
    assert isinstance(answer, Refused)
    return answer


def test_a_later_version_supersedes_and_the_earlier_is_kept() -> None:
    """PIC-001."""
    notice = standing(2)
    assert notice.state is NoticeState.SUPERSEDED
    assert [one.event.version for one in notice.versions] == [1, 2]
    assert notice.versions[0].event == filed(1)
    assert notice.latest.event.version == 2
    assert notice.version_of(stamp(1).ref) == 1
    assert notice.version_of(stamp(9).ref) is None


@pytest.mark.parametrize(
    ("event", "code", "words"),
    [
        (filed(3), RefusalCode.BAD_CONTENT, "leaves a gap; file version 2"),
        (filed(1, zone(10)), RefusalCode.ALREADY_USED, "other content"),
    ],
)
def test_a_version_out_of_turn_is_refused(
    event: NoticeFiled, code: RefusalCode, words: str
) -> None:
    """PIC-001."""
    answer = refusal(advance(standing(), event, stamp(5)))
    assert answer.code is code
    assert words in answer.text


def test_the_first_version_is_1() -> None:
    """PIC-001."""
    assert refusal(advance(None, filed(2), stamp())).code is RefusalCode.BAD_CONTENT
    with pytest.raises(ValueError, match="versions begin at 1"):
        filed(0)


def test_the_same_filing_again_changes_nothing() -> None:
    """PIC-001."""
    assert isinstance(advance(standing(2), filed(1), stamp(7)), Duplicate)


def test_a_notice_keeps_its_kind() -> None:
    """PIC-002."""
    other = AvoidanceRequest(volume=volume(), asked="no strikes here")
    assert "keeps its kind" in refusal(advance(standing(), filed(2, other), stamp(2))).text


def test_withdrawn_is_final_and_names_the_version_that_stands() -> None:
    """PIC-003."""
    assert "withdraw version 2" in refusal(advance(standing(2), withdrawn(1), stamp(3))).text
    notice = advance(standing(2), withdrawn(2), stamp(3))
    assert isinstance(notice, Notice)
    assert notice.state is NoticeState.WITHDRAWN
    assert refusal(advance(notice, filed(3), stamp(4))).code is RefusalCode.WRONG_STATE
    assert isinstance(advance(notice, withdrawn(2), stamp(4)), Duplicate)
    assert refusal(advance(None, withdrawn(), stamp())).code is RefusalCode.UNKNOWN_OBJECT
    with pytest.raises(ValueError, match="reason"):
        replace(withdrawn(), reason=" ")


def test_refused_pairs_by_name() -> None:
    """PIC-003."""
    refused = {f"{s}/{e}" for (s, e), v in NOTICE_TABLE.rows.items() if v is Verdict.REFUSED}
    assert refused == {"absent/withdraw", "withdrawn/file"}


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-1, NoticeTime.NOT_YET),
        (0, NoticeTime.IN_WINDOW),
        (99, NoticeTime.IN_WINDOW),
        (100, NoticeTime.BETWEEN),
        (200, NoticeTime.IN_WINDOW),
        (300, NoticeTime.EXPIRED),
    ],
)
def test_time_of_a_notice_is_a_half_open_view(seconds: float, expected: NoticeTime) -> None:
    """PIC-004."""
    activity = Activity(kind=ActivityKind.LIVE_FIRE, volumes=(volume(0, 100), volume(200, 300)))
    assert time_of(activity, at(seconds)) is expected


def test_releasable_to_nobody_unless_it_says_so() -> None:
    """PIC-005."""
    assert filed().releasable_to == ()
    with pytest.raises(ValueError, match="marking"):
        replace(filed(), marking="")
    with pytest.raises(ValueError, match="twice"):
        replace(filed(), releasable_to=(PartyId("red"), PartyId("red")))


@pytest.mark.parametrize("content", [LOCATION, SITE], ids=["location", "site"])
@pytest.mark.parametrize(
    ("second", "words"),
    [
        (None, "needs a second person"),
        (speaker(), "the first again"),
        (speaker(role="watch-chief", party="red"), "both must be of blue"),
    ],
    ids=["none", "same", "other-party"],
)
def test_two_persons_file_locations_and_sites(
    content: Content, second: Speaker | None, words: str
) -> None:
    """PIC-006."""
    event = replace(filed(1, content), second=second)
    answer = refusal(advance(None, event, stamp()))
    assert answer.code is RefusalCode.NOT_RELEASED
    assert words in answer.text


@pytest.mark.parametrize("second", [speaker(role="watch-chief"), speaker(watch="w2")])
def test_a_second_role_or_watch_is_enough(second: Speaker | None) -> None:
    """PIC-006."""
    assert isinstance(advance(None, replace(filed(1, LOCATION), second=second), stamp()), Notice)


def test_a_node_files_and_withdraws_nothing() -> None:
    """PIC-006."""
    assert refusal(advance(None, filed(), by_node())).code is RefusalCode.NOT_OWNER
    assert refusal(advance(standing(), withdrawn(), by_node(3))).code is RefusalCode.NOT_OWNER


def test_a_zone_names_its_type_authority_and_duty() -> None:
    """PIC-007."""
    assert zone().field_type is FieldType.ROZ
    with pytest.raises(ValueError, match="declaring authority"):
        replace(zone(), declaring_authority="")
    with pytest.raises(ValueError, match="duty"):
        replace(zone(), duty="")
    assert not {"fscl", "cfl", "rfl"} & {str(kind) for kind in FieldType}


def test_phrases_that_must_be_shown() -> None:
    """PIC-008, PIC-009."""
    request = AvoidanceRequest(volume=volume(), asked="no strikes here")
    movement = NotifiedMovement(notifier="aid agency", volumes=(volume(),), what="convoy")
    general = GeneralNotice(text="stay away from those facilities", source="press conference")
    assert standing_phrase(request) == WITHOUT_PREJUDICE
    assert standing_phrase(SITE) == SITE_LAW
    assert standing_phrase(movement) == SITE_LAW
    assert standing_phrase(general) == NOTHING_TO_COMPUTE
    assert standing_phrase(zone()) is None


def test_an_avoidance_request_has_no_place_for_who_is_there() -> None:
    """PIC-008."""
    assert set(AvoidanceRequest.__dataclass_fields__) == {"volume", "asked"}


def test_a_public_statement_without_area_is_a_notice_without_volumes() -> None:
    """PIC-009: the statement of 4 October 2023."""
    general = GeneralNotice(
        text="third parties should stay away from these facilities",
        source="foreign minister, press conference",
        stated_at=START,
    )
    notice = advance(None, filed(1, general), stamp())
    assert isinstance(notice, Notice)
    assert volumes_of(general) == ()
    assert time_of(general, START) is NoticeTime.WITHOUT_TIME


@pytest.mark.parametrize("bad", [(), (volume(),) * 201], ids=["none", "too-many"])
def test_volumes_are_bounded(bad: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="volume"):
        Activity(kind=ActivityKind.NOT_STATED, volumes=bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("standoff_m", [0.0, -1.0, float("nan"), 2e6])
def test_an_absurd_standoff_is_refused(standoff_m: float) -> None:
    with pytest.raises(ValueError, match="standoff"):
        OwnForceLocation(volume=volume(), standoff_m=standoff_m)


def test_volumes_of_every_kind() -> None:
    kinds: list[Zone | OwnForceLocation | NotifiedSite] = [zone(), LOCATION, SITE]
    assert [volumes_of(kind) for kind in kinds] == [(volume(),)] * 3
