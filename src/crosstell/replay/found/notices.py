"""The notices of a run: who filed and held each, and where each component stands towards it.

A status is stated for components; nobody's silence is consent. Implements REP-069, REP-070.
"""

from collections.abc import Mapping

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import ComponentId, EntryRef, NoticeId, PartyId
from crosstell.core.picture import notice as notices
from crosstell.core.picture import status as statuses
from crosstell.core.picture.content import Activity, GeneralNotice, standing_phrase, volumes_of
from crosstell.core.picture.notice import Notice, NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.status import PartyStatuses, Status, StatusStated, status_matrix
from crosstell.core.picture.wording import thing_words
from crosstell.core.table import Stamp
from crosstell.replay.found.calls import held_elsewhere, own_sights, ref_text
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import HeldBy, NoticeSeen

Components = Mapping[PartyId, tuple[ComponentId, ...]]
_Key = tuple[PartyId, NoticeId]


def notices_of(trace: Trace, components: Components) -> tuple[NoticeSeen, ...]:
    """Every notice version filed, with who held it since when and where each component stands."""
    held = held_elsewhere(trace)
    folded, stated = _folded(trace), _stated(trace)
    filed = [s for s in trace.sights if s.held_by == s.of and isinstance(s.body, NoticeFiled)]
    return tuple(
        _notice(
            sight,
            sight.body,
            held.get(sight.ref, ()),
            _standing(sight, folded.get((sight.of, sight.body.notice)), stated, components),
        )
        for sight in filed
        if isinstance(sight.body, NoticeFiled)
    )


def _stamp(sight: Sight) -> Stamp:
    return Stamp(ref=sight.ref, at=sight.at, by=sight.by)


def _folded(trace: Trace) -> dict[_Key, Notice]:
    """Each shared notice as its filer's feed leaves it at the end."""
    found: dict[_Key, Notice] = {}
    for sight in own_sights(trace):
        body = sight.body
        if isinstance(body, NoticeFiled | NoticeWithdrawn):
            key = (sight.of, body.notice)
            after = notices.advance(found.get(key), body, _stamp(sight))
            if not isinstance(after, Refused | Duplicate):
                found[key] = after
    return found


def _stated(trace: Trace) -> dict[PartyId, dict[EntryRef, Status]]:
    """What each party has stated of each version of another's notice."""
    found: dict[PartyId, dict[EntryRef, Status]] = {}
    for sight in own_sights(trace):
        body = sight.body
        if isinstance(body, StatusStated) and isinstance(body.notice, EntryRef):
            side = found.setdefault(sight.of, {})
            after = statuses.advance(side.get(body.notice), body, _stamp(sight))
            if not isinstance(after, Refused | Duplicate):
                side[body.notice] = after
    return found


def _standing(
    sight: Sight,
    notice: Notice | None,
    stated: dict[PartyId, dict[EntryRef, Status]],
    components: Components,
) -> tuple[str, ...]:
    """One line for each component of each party to which this version was released."""
    body = sight.body
    if notice is None or not isinstance(body, NoticeFiled):
        return ()
    if body.version != notice.latest.event.version:
        return (f"version {notice.latest.event.version} stands in its place",)
    parties = tuple(
        PartyStatuses(
            party=party,
            components=components.get(party, ()),
            statuses=tuple(
                said
                for ref, said in stated.get(party, {}).items()
                if notice.version_of(ref) is not None
            ),
        )
        for party in body.releasable_to
    )
    return tuple(row.text for row in status_matrix(notice, parties))


def _notice(
    sight: Sight, body: NoticeFiled, held: tuple[HeldBy, ...], standing: tuple[str, ...]
) -> NoticeSeen:
    content = body.content
    windows = [volume.window for volume in volumes_of(content)]
    text = content.text if isinstance(content, GeneralNotice) else getattr(content, "duty", "")
    return NoticeSeen(
        notice=body.notice,
        kind=thing_words(content),
        party=sight.of,
        text=text or getattr(content, "text", None) or getattr(content, "asked", None) or "",
        phrase=standing_phrase(content) or "",
        emergency=content.emergency.value if isinstance(content, Activity) else "",
        filed=sight.at,
        begins=min((w.start for w in windows), default=None),
        ends=max((w.end for w in windows), default=None),
        held_by=held,
        statuses=standing,
        ref=ref_text(sight),
    )
