"""Bugs planted in what reaches people and in what an operator's command sends."""

from .planted import Mutant

HANDING = ("tests/unit/test_people_handing.py", "tests/unit/test_people_said.py")
CHANNELS = ("tests/unit/test_people_channels.py",)
DESK = ("tests/unit/test_operate_desk.py",)

DURESS = ("tests/unit/test_duress_ladder.py",)
APART = ("tests/properties/test_alarms_apart.py",)
PROOFS = ("tests/unit/test_node_alarms.py",)
LONGEST = ("tests/properties/test_longest_stand_by.py",)

PEOPLE = (
    Mutant(
        name="duress rings the desk",
        file="core/mechanism/line/secretly.py",
        old="if n >= lowest and rung.role != noted_by]",
        new="if n >= lowest or rung.role == noted_by]",
        breaks="the telephone beside the open line rings, and whoever listens there hears it",
        tests=DURESS,
    ),
    Mutant(
        name="stand-by of an hour counts",
        file="core/line/answer.py",
        old="    return min(answer.until, later(at, by_s=most_s))",
        new="    return answer.until",
        breaks="one party puts the other's ladder off for as long as it likes",
        tests=LONGEST,
    ),
    Mutant(
        name="rubbish takes the record's room",
        file="shell/peers/alarms.py",
        old="        held = self._others[alarm.kind]",
        new="        held = self._others[AlarmKind.REFUSED]",
        breaks="a flood of rubbish hides that two accounts of a feed differ",
        tests=APART,
    ),
    Mutant(
        name="every proof of a fork is kept",
        file="shell/peers/alarms.py",
        old="            if feed in convicted:\n",
        new="            if feed in convicted and not feed:\n",
        breaks="one peer fills the store with proofs of one fork",
        tests=PROOFS,
    ),
    Mutant(
        name="full queue loses a ring",
        file="shell/people/waiting.py",
        old="                task = self._together(task)",
        new="                return",
        breaks="the matter that came when a thousand waited is never told to anybody",
        tests=("tests/properties/test_people_waiting.py",),
    ),
    Mutant(
        name="restart rings nobody",
        file="shell/people/to_people.py",
        old="        elif handing.step in held.asked:\n            return",
        new="        if handing.step in held.asked:\n            return",
        breaks="what stood before a crash is taken for rung, though the telephone fell silent",
        tests=HANDING,
    ),
    Mutant(
        name="crash loop rings without end",
        file="shell/people/to_people.py",
        old="due_at = max(now, later(held.told[name], by_s=AGAIN_S))",
        new="due_at = now",
        breaks="a node that starts every five seconds rings every five seconds",
        tests=HANDING,
    ),
    Mutant(
        name="next channel only when the first gives up",
        file="shell/people/to_people.py",
        old="        if delivery.turn:\n",
        new="        if delivery.turn and task.attempt >= 10:\n",
        breaks="minutes pass before the second telephone rings",
        tests=HANDING,
    ),
    Mutant(
        name="attempt under way outlives its matter",
        file="shell/people/to_people.py",
        old="for delivery in held.deliveries:\n                delivery.is_over = True\n",
        new="pass\n",
        breaks="a channel that comes back rings about what was taken up while it was tried",
        tests=HANDING,
    ),
    Mutant(
        name="webhook believes a redirect",
        file="shell/people/webhook.py",
        old="        if not 200 <= status < 300:",
        new="        if not 200 <= status < 400:",
        breaks="a login page in between is taken for a hand-over",
        tests=CHANNELS,
    ),
    Mutant(
        name="signature without its time",
        file="shell/people/signature.py",
        old="    return hmac.compare_digest(_digest(body, secret, seconds), match[2]) and fresh",
        new="    return hmac.compare_digest(_digest(body, secret, seconds), match[2])",
        breaks="an old ring can be played again",
        tests=CHANNELS,
    ),
    Mutant(
        name="hung dialler keeps its line",
        file="shell/people/dialler.py",
        old="                start_new_session=True,\n",
        new="",
        breaks="what a hook started goes on dialling after its time",
        tests=CHANNELS,
    ),
    Mutant(
        name="act asked again with another key",
        file="cli/operate/desk.py",
        old="            headers[KEY_HEADER] = key",
        new='            headers[KEY_HEADER] = f"{key}-{id(headers)}"',
        breaks="an act whose answer was lost is recorded twice",
        tests=(*DESK, "tests/api/test_operate.py"),
    ),
    Mutant(
        name="marks go into the backup",
        file="shell/config/backup.py",
        old='left_out = {folder / file.marks, folder / "offline-root", installation.maps}',
        new='left_out = {folder / "offline-root", installation.maps}',
        breaks="a restored node may sign a number twice and fork its feed",
        tests=("tests/unit/test_backup.py",),
    ),
)
