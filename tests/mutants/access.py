"""The bugs planted in access and in the interface, in the same form as `planted`."""

from .planted import Mutant

_ACCOUNTS = ("tests/unit/test_access_accounts.py",)
_SESSIONS = ("tests/unit/test_access_sessions.py",)
_AUDIT = ("tests/unit/test_access_audit.py",)
_REQUESTS = ("tests/unit/test_api_requests.py",)
_ACTS = ("tests/unit/test_api_acts.py",)
_PERSONS = ("tests/unit/test_api_two_persons.py",)
_ONCE = ("tests/unit/test_api_first_answers.py",)
_STREAM = ("tests/unit/test_api_stream.py",)
_FILES = ("tests/unit/test_api_files.py",)
_QUICK = ("tests/properties/test_quick_observations.py",)

ACCESS = (
    Mutant(
        name="a code is good twice",
        file="shell/access/access.py",
        old=" and self.accounts.used_step(kept.account.name, step)\n",
        new="\n",
        breaks="who looks over a shoulder comes in too",
        tests=_ACCOUNTS,
    ),
    Mutant(
        name="strangers lock the watch out",
        file="shell/access/throttle.py",
        old="        if is_stranger:\n",
        new="        if True:\n",
        breaks="guessing from elsewhere keeps the duty officer out at 3 a.m.",
        tests=_ACCOUNTS,
    ),
    Mutant(
        name="a former secret is good for ever",
        file="shell/access/sessions.py",
        old="        if found.is_former and seconds_between(found.turned_at, now) >= GRACE_S:\n",
        new="        if found.is_former and False:\n",
        breaks="a cookie that was copied long ago still opens the session",
        tests=_SESSIONS,
    ),
    Mutant(
        name="an expired token still opens",
        file="shell/access/tokens.py",
        old="    return token.revoked_at is None and now < token.expires_at\n",
        new="    return token.revoked_at is None\n",
        breaks="a token lives on after its time",
        tests=_SESSIONS,
    ),
    Mutant(
        name="an audit line is not chained",
        file="shell/access/audit.py",
        old="    return hashlib.sha256(previous + line).digest()\n",
        new="    return hashlib.sha256(line).digest()\n",
        breaks="a line that was taken out is not missed",
        tests=_AUDIT,
    ),
    Mutant(
        name="no value of the session is asked for",
        file="shell/api/taking.py",
        old="    if not same(headers.get(CSRF_HEADER, ",
        new="    if False and not same(headers.get(CSRF_HEADER, ",
        breaks="another page in the browser acts in the officer's name",
        tests=_REQUESTS,
    ),
    Mutant(
        name="rights are not asked for",
        file="shell/api/taking.py",
        old="    if route.right is not None and not account.may(route.right):\n",
        new="    if False:\n",
        breaks="a reader acts, a system reads",
        tests=_REQUESTS,
    ),
    Mutant(
        name="a relieved watch acts on",
        file="shell/api/doing/coming_in.py",
        old="    if held is None or held.watch != speaker.watch:\n",
        new="    if held is None:\n",
        breaks="who went home speaks for the watch",
        tests=_ACTS,
    ),
    Mutant(
        name="one person is two",
        file="shell/api/doing/confirming.py",
        old="    if waiting.account == asked.account.name:\n",
        new="    if False:\n",
        breaks="whoever asked for a release confirms it in another role",
        tests=_PERSONS,
    ),
    Mutant(
        name="a body names its second person",
        file="shell/api/doing/second.py",
        old="        if tag in WITH_SECOND and ",
        new="        if False and ",
        breaks="one person writes that another has confirmed",
        tests=_PERSONS,
    ),
    Mutant(
        name="an act whose answer was lost is done again",
        file="shell/api/doing/acting.py",
        old="        answer = await do(begun)\n",
        new="        answer = await do(None)\n",
        breaks="a repeated act is refused, or recorded twice",
        tests=_ONCE,
    ),
    Mutant(
        name="what is on record is taken back",
        file="shell/api/doing/confirming.py",
        old="        before = await _lost(serving, asked, waiting)\n",
        new="        before = None\n",
        breaks="somebody is told that a released location was taken back",
        tests=("tests/unit/test_api_lost_confirmations.py",),
    ),
    Mutant(
        name="the stream skips what is not wanted for good",
        file="shell/api/stream/following.py",
        old="            if skipped:  # the client's place goes on with what it did not want\n",
        new="            if False:\n",
        breaks="a client that comes again is sent everything it did not want",
        tests=_STREAM,
    ),
    Mutant(
        name="a full mailbox forgets",
        file="shell/api/stream/hub.py",
        old="            self.overflowed = True\n",
        new="            self.effects.clear()\n",
        breaks="a ring is lost without a word",
        tests=_STREAM,
    ),
    Mutant(
        name="links are followed",
        file="shell/api/files.py",
        old="                if stat.S_ISLNK(status.st_mode):\n                    return None\n",
        new="",
        breaks="files outside the console's folder are served",
        tests=_FILES,
    ),
    Mutant(
        name="the quick reader takes a key twice",
        file="codecs/api/quick.py",
        old="    if len(found) != len(pairs):\n",
        new="    if False:\n",
        breaks="two readers see two observations",
        tests=_QUICK,
    ),
)
