"""What a state holds, as it is shown: notices, alerts, calls, tracks, shares, lines, papers.

Pure functions of a state and an instant; any thread may work them out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.api import sharing, shown
from crosstell.core.assessment.account.wording import claim_words, difference_words, query_words
from crosstell.core.ids import PartyId
from crosstell.core.line.health import LineKey, Medium
from crosstell.core.mechanism.after.accounts import accounts_of, claims_of, queries_of
from crosstell.core.mechanism.after.papers import actions_of, joint_texts_of, papers_of
from crosstell.core.mechanism.after.wording import action_words, joint_words
from crosstell.core.mechanism.line.testing import line_seen
from crosstell.core.mechanism.releasing.given import copies_made, versions_given
from crosstell.core.mechanism.releasing.shown import shares_shown
from crosstell.core.mechanism.rules import understandings
from crosstell.core.mechanism.screen.former import former_notices_of
from crosstell.core.mechanism.view import alert_view, call_view, chain_to
from crosstell.core.picture.notice import Notice
from crosstell.core.picture.picture import track_view
from crosstell.core.protocol.rule import Rule
from crosstell.core.protocol.standing import standing
from crosstell.core.protocol.times import LeadTime
from crosstell.core.protocol.understanding import together
from crosstell.core.state.state import State

GIVEN_MAX = 200  # of the newest versions, and of the newest copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A state, the node's time, and the local number of the newest entry in the state.

    `reads`: how often the node had read its record; 0 of a moment of the past.
    """

    state: State
    at: datetime
    arrivals: int
    reads: int = 0


def notices(now: Moment) -> shown.NoticesShown:
    """Every notice held."""
    state = now.state
    found = [
        _notice(state, feed.party, shown.Place.SHARED, notice)
        for _, feed in sorted(state.feeds.items())
        for _, notice in sorted(feed.notices.items())
    ]
    own = state.setting.party
    found += [
        _notice(state, own, shown.Place.HOME, notice)
        for _, notice in sorted(state.journal.notices.items())
    ]
    return shown.NoticesShown(
        at=now.at,
        arrivals=now.arrivals,
        notices=tuple(found),
        former=former_notices_of(state, now.at),
    )


def _notice(state: State, party: PartyId, place: shown.Place, notice: Notice) -> shown.NoticeShown:
    first = notice.versions[0].stamp.ref
    said = tuple(
        shown.StatusOf(party=other, status=feed.statuses[first])
        for other, feed in sorted(state.feeds.items())
        if first in feed.statuses
    )
    return shown.NoticeShown(party=party, place=place, notice=notice, statuses=said)


def alerts(now: Moment) -> shown.AlertsShown:
    """Every alert that was shown to a person."""
    found = []
    for alert in now.state.journal.alerts.values():
        view = alert_view(now.state, alert, now.at)
        if view is not None:
            found.append(shown.AlertShown(alert=alert, view=view))
    found.sort(key=lambda one: one.view.alert.alert)
    return shown.AlertsShown(at=now.at, arrivals=now.arrivals, alerts=tuple(found))


def calls(now: Moment) -> shown.CallsShown:
    """Every call of every party."""
    found = tuple(
        shown.CallShown(caller=party, call=call, view=call_view(now.state, call, now.at))
        for party, feed in sorted(now.state.feeds.items())
        for _, call in sorted(feed.calls.items())
    )
    return shown.CallsShown(at=now.at, arrivals=now.arrivals, calls=found)


def tracks(now: Moment) -> shown.TracksShown:
    """Every track held; `stale_after_s` is the protocol's."""
    stale_s = now.state.setting.protocol.alerts.stale_after_s
    found = tuple(
        shown.TrackShown(track=track, view=track_view(track, now=now.at, stale_after_s=stale_s))
        for _, track in sorted(now.state.journal.tracks.items())
    )
    return shown.TracksShown(at=now.at, arrivals=now.arrivals, tracks=found)


def shares(now: Moment) -> sharing.SharesShown:
    """Every share of a track, ours and theirs, apart from the tracks. Implements API-405."""
    standing = sharing.ShareStanding
    found = tuple(
        sharing.ShareShown(
            by=one.by,
            share=one.share,
            called=one.terms.called,
            terms=one.terms,
            granted=one.granted,
            track=one.track,
            revoked=one.revoked,
            standing=standing.OPEN if one.is_open else standing.OVER,
            volume=one.volume,
            contains=one.contains,
            told_at=one.told_at,
            text=one.text,
        )
        for one in shares_shown(now.state, now.at)
    )
    return sharing.SharesShown(at=now.at, arrivals=now.arrivals, shares=found)


def given(now: Moment) -> sharing.GivenShown:
    """What every party gave to others in versions, and our copies. Implements API-451."""
    versions, versions_left_out = versions_given(now.state, GIVEN_MAX)
    copies = copies_made(now.state)
    return sharing.GivenShown(
        at=now.at,
        arrivals=now.arrivals,
        versions=versions,
        versions_left_out=versions_left_out,
        copies=copies[:GIVEN_MAX],
        copies_left_out=max(0, len(copies) - GIVEN_MAX),
    )


def lines(now: Moment) -> shown.LinesShown:
    """The line to each counterpart."""
    found = tuple(each_line(now.state, now.at))
    return shown.LinesShown(at=now.at, arrivals=now.arrivals, lines=found)


def each_line(state: State, at: datetime) -> Iterator[shown.LineShown]:
    """By node to the cell of each counterpart, whether or not it was used; then all others used."""
    setting = state.setting
    keys = {
        LineKey(party=other.party, role=setting.test_role, medium=Medium.NODE)
        for other in state.others()
    }
    keys |= set(state.journal.lines)
    for key in sorted(keys, key=lambda one: (one.party, one.role, one.medium)):
        held = state.journal.lines.get(key)
        chain = chain_to(state, key.party)
        yield shown.LineShown(
            line=key,
            held=held,
            view=line_seen(state, key, at),
            chain=chain,
            total_s=chain.total_s,
        )


def protocol(now: Moment) -> shown.ProtocolShown:
    """The document, and what each party said of it and reads in it."""
    setting = now.state.setting
    document = setting.protocol
    said = [
        adherence
        for _, feed in sorted(now.state.feeds.items())
        if (adherence := feed.adherence.get(setting.digest)) is not None
    ]
    readings = together(document.understandings, understandings(now.state))
    rules: tuple[Rule | LeadTime, ...] = (*document.rules, *document.lead_times)
    return shown.ProtocolShown(
        at=now.at,
        arrivals=now.arrivals,
        digest=setting.digest,
        protocol=document,
        adherence=tuple(said),
        in_force=standing(document, said, now.at).in_force,
        rules=tuple(
            shown.RuleShown(
                rule=rule.id,
                source=getattr(rule, "source", None),
                readings=tuple(one for one in readings if one.rule == rule.id),
            )
            for rule in rules
        ),
    )


def papers(now: Moment) -> shown.PapersShown:
    """Every paper, and how joint texts and actions stand."""
    state = now.state
    return shown.PapersShown(
        at=now.at,
        arrivals=now.arrivals,
        papers=papers_of(state),
        joint_texts=tuple(
            shown.InWords(proposed_by=one.proposed_by, entry=one.entry, text=joint_words(one))
            for one in joint_texts_of(state)
        ),
        actions=tuple(
            shown.InWords(proposed_by=one.proposed_by, entry=one.entry, text=action_words(one))
            for one in actions_of(state, now.at)
        ),
    )


def claims(now: Moment) -> shown.ClaimsShown:
    """Every claim, and the accounts side by side."""
    state = now.state
    accounts = tuple(
        shown.AccountShown(
            topic=side.topic,
            voices=side.voices,
            claims=tuple(claim_words(held) for held in side.claims),
            differences=tuple(
                shown.DifferenceShown(
                    first=one.first, second=one.second, text=difference_words(one.difference)
                )
                for one in side.compared
            ),
            not_compared=side.not_compared,
        )
        for side in accounts_of(state)
    )
    return shown.ClaimsShown(
        at=now.at,
        arrivals=now.arrivals,
        claims=claims_of(state),
        accounts=accounts,
        queries=tuple(query_words(one) for one in queries_of(state)),
    )
