"""Every route of the interface, in the order in which the document shows them."""

from typing import Any

from crosstell.codecs.api import given, planned, shown, wire
from crosstell.codecs.geo.places import Places
from crosstell.codecs.plan_file import PlanFile
from crosstell.core.mechanism.screen.screen import Screen
from crosstell.shell.access.account import Right
from crosstell.shell.access.audit import LINES_MAX
from crosstell.shell.api.doing import acting, coming_in, confirming, keeping, observing
from crosstell.shell.api.routes import KEY_HEADER, WORD, Media, Parameter, Route, in_path
from crosstell.shell.api.stream import following
from crosstell.shell.api.table_after import AFTERMATH
from crosstell.shell.api.views import answering, held
from crosstell.shell.api.views.finding import QUESTION_LENGTH_MAX
from crosstell.shell.api.views.history import history
from crosstell.shell.api.views.maps import MAPS

_WHOLE = {"type": "integer", "minimum": 0, "maximum": answering.ARRIVAL_MAX}
KEY = Parameter(
    name=KEY_HEADER,
    where="header",
    text="Drawn anew for each act and kept for its repetition: the answer is then the first one.",
    schema={"type": "string", "pattern": "^[ -~]{1,64}$", "not": {"pattern": "^confirm:"}},
    required=True,
)
AFTER = Parameter(
    name="after", where="query", text="Entries after this local number.", schema=_WHOLE
)


def _count(most: int) -> Parameter:
    schema = {"type": "integer", "minimum": 0, "maximum": most}
    return Parameter(name="count", where="query", text="At most so many.", schema=schema)


ID, NAME, TOKEN = in_path("id", WORD), in_path("name", WORD), in_path("token", WORD)

SESSIONS = (
    Route(
        method="POST",
        path="/session",
        name="come_in",
        summary="Open a session; the cookie holds it",
        handler=coming_in.come_in,
        right=None,
        given=wire.ComeIn,
        answers={201: wire.SessionTold},
    ),
    Route(
        method="GET",
        path="/session",
        name="show_session",
        summary="The session, with the value for X-CSRF-Token",
        handler=coming_in.show,
        right=Right.HAVE_SESSION,
        answers={200: wire.SessionTold},
        goes_on_idle=True,
    ),
    Route(
        method="POST",
        path="/session/use",
        name="use_session",
        summary="A person is at the page: the session is used",
        handler=coming_in.show,
        right=Right.HAVE_SESSION,
        answers={200: wire.SessionTold},
    ),
    Route(
        method="DELETE",
        path="/session",
        name="go_out",
        summary="End the session",
        handler=coming_in.go_out,
        right=Right.HAVE_SESSION,
        answers={200: wire.Nothing},
        goes_on_idle=True,
    ),
    Route(
        method="POST",
        path="/watch",
        name="take_watch",
        summary="Take or join the watch of the account's role",
        handler=coming_in.take_watch,
        right=Right.CONFIRM,
        given=wire.TakeWatch,
        answers={200: wire.WatchTold},
    ),
)
ACTS = (
    Route(
        method="POST",
        path="/acts",
        name="act",
        summary="Have an act recorded, as this session's role and watch",
        handler=acting.act,
        right=Right.ACT,
        given=given.ActGiven,
        answers={200: wire.Recorded, 201: wire.Recorded, 202: wire.NeedsSecond},
        parameters=(KEY,),
    ),
    Route(
        method="GET",
        path="/acts/pending",
        name="pending_acts",
        summary="Acts that wait for a second person",
        handler=confirming.pending,
        answers={200: wire.PendingList},
    ),
    Route(
        method="POST",
        path="/acts/pending/{id}/confirm",
        name="confirm_act",
        summary="Be the second person of an act, which is then recorded",
        handler=confirming.confirm,
        right=Right.CONFIRM,
        answers={200: wire.Recorded, 201: wire.Recorded},
        parameters=(ID,),
    ),
    Route(
        method="DELETE",
        path="/acts/pending/{id}",
        name="drop_act",
        summary="Turn an act down, or take one's own back",
        handler=confirming.drop,
        right=Right.CONFIRM,
        answers={200: wire.Nothing},
        parameters=(ID,),
    ),
    Route(
        method="POST",
        path="/observations",
        name="observe",
        summary="Give observations of a system, in the order in which they were made",
        handler=observing.observe,
        right=Right.OBSERVE,
        given=given.ObservationsGiven,
        answers={202: wire.Taken},
        is_large=True,
    ),
)
KEPT = (
    Route(
        method="GET",
        path="/accounts",
        name="accounts",
        summary="Every account",
        handler=keeping.accounts,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.AccountList},
    ),
    Route(
        method="POST",
        path="/accounts",
        name="make_account",
        summary="Make an account",
        handler=keeping.make,
        right=Right.KEEP_ACCOUNTS,
        given=wire.NewAccount,
        answers={201: wire.AccountTold},
    ),
    Route(
        method="DELETE",
        path="/accounts/{name}",
        name="disable_account",
        summary="Disable an account for good; its sessions and tokens end",
        handler=keeping.disable,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.Nothing},
        parameters=(NAME,),
    ),
    Route(
        method="POST",
        path="/accounts/{name}/password",
        name="set_password",
        summary="Set another password; the account's sessions end",
        handler=keeping.set_password,
        right=Right.HAVE_SESSION,
        given=wire.NewPassword,
        answers={200: wire.Nothing},
        parameters=(NAME,),
    ),
    Route(
        method="POST",
        path="/accounts/{name}/vouch",
        name="vouch",
        summary="Stand, as a second administrator, for a password that another one gave",
        handler=keeping.vouch,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.Nothing},
        parameters=(NAME,),
    ),
    Route(
        method="POST",
        path="/accounts/{name}/code",
        name="set_code",
        summary="Ask the account for one-time codes; what the code generator reads is told once",
        handler=keeping.set_code,
        right=Right.KEEP_ACCOUNTS,
        answers={201: wire.CodeTold},
        parameters=(NAME,),
    ),
    Route(
        method="DELETE",
        path="/accounts/{name}/code",
        name="drop_code",
        summary="Ask the account for no codes any more",
        handler=keeping.drop_code,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.Nothing},
        parameters=(NAME,),
    ),
    Route(
        method="GET",
        path="/accounts/{name}/tokens",
        name="tokens",
        summary="The tokens of a system",
        handler=keeping.tokens,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.TokenList},
        parameters=(NAME,),
    ),
    Route(
        method="POST",
        path="/accounts/{name}/tokens",
        name="make_token",
        summary="Make a token for a system; it is told once",
        handler=keeping.make_token,
        right=Right.KEEP_ACCOUNTS,
        given=wire.NewToken,
        answers={201: wire.TokenTold},
        parameters=(NAME,),
    ),
    Route(
        method="DELETE",
        path="/accounts/{name}/tokens/{token}",
        name="revoke_token",
        summary="Revoke a token",
        handler=keeping.revoke_token,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.Nothing},
        parameters=(NAME, TOKEN),
    ),
    Route(
        method="GET",
        path="/audit",
        name="audit",
        summary="Lines of the private audit: the newest, or those after a number",
        handler=keeping.audit,
        right=Right.KEEP_ACCOUNTS,
        answers={200: wire.AuditTold},
        parameters=(AFTER, _count(LINES_MAX)),
    ),
)


def _view(name: str, summary: str, view: Any, answer: object) -> Route:  # noqa: ANN401
    return Route(
        method="GET",
        path=f"/{name}",
        name=name,
        summary=summary,
        handler=answering.of(view),
        answers={200: answer},
    )


VIEWS = (
    Route(
        method="GET",
        path="/status",
        name="status",
        summary="How the node does: logs, backlog, checkpoints, lines, clock, faults",
        handler=answering.node_status,
        answers={200: shown.NodeShown},
        goes_on_idle=True,
    ),
    Route(
        method="GET",
        path="/screen",
        name="screen",
        summary="Everything that a watch sees: now, or as this party knew it at an earlier moment",
        handler=answering.screen,
        answers={200: Screen},
        parameters=(
            Parameter(
                name="at",
                where="query",
                text="an instant that has passed, in UTC with Z; without it, the present",
                schema={"type": "string", "maxLength": 40},
            ),
        ),
        goes_on_idle=True,
    ),
    Route(
        method="GET",
        path="/stream",
        name="stream",
        summary="Server-sent events: entry, screen, effect, standing, dropped; resumable",
        handler=following.follow,
        answers={200: Media.EVENTS},
        parameters=(
            Parameter(
                name="Last-Event-ID",
                where="header",
                text="The local number of the newest entry that was seen.",
                schema={"type": "string", "pattern": "^[0-9]{1,16}$"},
            ),
            AFTER,
            *following.WANTED,
        ),
        goes_on_idle=True,
    ),
    Route(
        method="GET",
        path="/entries",
        name="entries",
        summary="Entries in the order in which this node came to hold them",
        handler=answering.entries,
        answers={200: shown.EntriesShown},
        parameters=(AFTER, _count(answering.COUNT_MAX)),
    ),
    Route(
        method="GET",
        path="/entries/{feed}/{seq}",
        name="entry",
        summary="One entry, with everything that proves it, as far as it is held",
        handler=answering.entry,
        answers={200: shown.EntryWhole},
        parameters=(
            in_path("feed", {"type": "string", "pattern": "^[0-9a-f]{1,64}$"}),
            in_path("seq", {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}),
        ),
        goes_on_idle=True,
    ),
    Route(
        method="GET",
        path="/history/{kind}/{party}/{id}",
        name="history",
        summary="Every entry held that names this alert, call, voice log or notice, oldest first",
        handler=history,
        answers={200: shown.HistoryShown},
        parameters=(
            in_path("kind", {"enum": ["alert", "call", "log", "notice"]}),
            in_path("party", WORD),
            ID,
        ),
        goes_on_idle=True,
    ),
    _view("notices", "Every notice, and those last known", held.notices, shown.NoticesShown),
    _view("alerts", "Every alert that was shown", held.alerts, shown.AlertsShown),
    _view("calls", "Every call held, of every party", held.calls, shown.CallsShown),
    _view("tracks", "Every track held", held.tracks, shown.TracksShown),
    _view("lines", "The line to each counterpart", held.lines, shown.LinesShown),
    _view("protocol", "The protocol and each reading of it", held.protocol, shown.ProtocolShown),
    _view("papers", "Every paper held", held.papers, shown.PapersShown),
    _view("claims", "Every claim, and the accounts side by side", held.claims, shown.ClaimsShown),
    Route(
        method="GET",
        path="/search",
        name="search",
        summary="What holds every word of the question",
        handler=answering.search,
        answers={200: shown.HitsShown},
        parameters=(
            Parameter(
                name="q",
                where="query",
                text="The words.",
                schema={"type": "string", "minLength": 1, "maxLength": QUESTION_LENGTH_MAX},
                required=True,
            ),
        ),
    ),
    Route(
        method="POST",
        path="/plan/check",
        name="check_plan",
        summary="What a plan does not clear, and verified shifts that would; nothing is filed",
        handler=answering.plan_check,
        given=PlanFile,
        answers={200: planned.PlanShown},
    ),
    Route(
        method="POST",
        path="/places/parse",
        name="parse_places",
        summary="The places that pasted text says: MGRS, degrees, GeoJSON, KML; nothing is filed",
        handler=answering.places,
        given=given.PlacesGiven,
        answers={200: Places},
    ),
)
ROUTES = (*SESSIONS, *ACTS, *VIEWS, *AFTERMATH, *MAPS, *KEPT)
