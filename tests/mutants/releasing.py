"""The bugs planted in what leaves a party and in what it does with its keys, as in `planted`."""

from .planted import Mutant

SHARE = ("tests/unit/test_release_share.py",)
RELEASE = ("tests/unit/test_release.py",)
COARSE = ("tests/properties/test_release_coarse.py",)
COPIES = ("tests/unit/test_release_copies.py",)
KEYS = ("tests/unit/test_key_ceremony.py",)
COMMANDS = ("tests/unit/test_ceremony_commands.py",)
PRIVACY = ("tests/properties/test_release_privacy.py",)

RELEASING = (
    Mutant(
        name="late updates cross",
        file="core/mechanism/releasing/sharing.py",
        old="    if share is None or share.latest is None or not share.is_open(now):\n",
        new="    if share is None or share.latest is None:\n",
        breaks="an own position leaves after its share has ended",
        tests=(*SHARE, *PRIVACY),
    ),
    Mutant(
        name="a share's history crosses",
        file="core/mechanism/releasing/sharing.py",
        old="    return share.latest.event == body\n",
        new="    return True\n",
        breaks="after a line was down the whole way of an own object is told",
        tests=SHARE,
    ),
    Mutant(
        name="others' objects are shared",
        file="core/mechanism/releasing/sharing.py",
        old="    return bool(said) and all(",
        new="    return not said or all(",
        breaks="a share tells where somebody else's object is",
        tests=SHARE,
    ),
    Mutant(
        name="finer than granted is taken",
        file="core/picture/releasing/share.py",
        old=" or footprint.radius_m < area_m:\n",
        new=" or footprint.radius_m < 0.0:\n",
        breaks="an update tells more than two persons granted",
        tests=SHARE,
    ),
    Mutant(
        name="exact goes for coarse",
        file="core/mechanism/releasing/giving.py",
        old="        content = coarse_content(content, body.coarsened)\n",
        new="        coarse_content(content, body.coarsened)\n",
        breaks="the exact place leaves with the words that it is coarser",
        tests=(*RELEASE, *PRIVACY),
    ),
    Mutant(
        name="the chord for the way",
        file="core/geometry/shape/coarse.py",
        old="    return near_m + slack_m(near_m)\n",
        new="    return chord_m * 0.99\n",
        breaks="a coarser area leaves out a rim of the exact one",
        tests=COARSE,
    ),
    Mutant(
        name="coarser windows end early",
        file="core/picture/releasing/coarse.py",
        old="-(-to_us(window.end) // step_us)",
        new="to_us(window.end) // step_us + 1 - 1",
        breaks="the last minutes of a notice are in no window of its coarser form",
        tests=COARSE,
    ),
    Mutant(
        name="copies by one person",
        file="core/mechanism/releasing/giving.py",
        old="    if second is None or second.party != by.party or _is_same(second, by):\n",
        new="    if second is not None and second.party != by.party:\n",
        breaks="own positions are printed for anybody by one person alone",
        tests=COPIES,
    ),
    Mutant(
        name="void entries stand",
        file="shell/rebuild.py",
        old="    if found != known:",
        new="    if found == known and known:",
        breaks="what a thief filed under a stolen key stands after it was revoked",
        tests=KEYS,
    ),
    Mutant(
        name="erased is awaited",
        file="shell/exchange.py",
        old="        if is_ours and not void and row.body is None and not self._is_erased(row):\n",
        new="        if is_ours and not void and row.body is None:\n",
        breaks="after an erasure the node signs nothing any more",
        tests=KEYS,
    ),
    Mutant(
        name="a refused ceremony leaves a key",
        file="shell/live/ceremonies.py",
        old="            settle(desk)\n            raise\n",
        new="            raise\n",
        breaks="a private key that nothing names lies in the folder",
        tests=COMMANDS,
    ),
    Mutant(
        name="a resume of another root is taken",
        file="shell/config/resumed.py",
        old="    if card.root != held.root:\n",
        new="    if card.root == '':\n",
        breaks="whoever is heard on the telephone goes on in a party's name",
        tests=COMMANDS,
    ),
    Mutant(
        name="a resume forgets the others",
        file="shell/config/resumed.py",
        old="_carry(left.store, store, theirs, lambda done: tell(own + done, of))",
        new="0",
        breaks="zones that were told to a party are unknown to it once it lost its store",
        tests=COMMANDS,
    ),
    Mutant(
        name="what was rung before a resume rings as new",
        file="shell/people/to_people.py",
        old="        if handing.matter in self._former:\n",
        new="        if handing.matter in ():\n",
        breaks="hundreds of matters that were taken up ring at once as if nobody knew of them",
        tests=("tests/unit/test_people_after_resume.py",),
    ),
    Mutant(
        name="any talk of before a resume counts as asking",
        file="core/mechanism/screen/former.py",
        old="log.logged_stamp.ref.seq >= said",
        new="log.logged_stamp.ref.seq >= 0",
        breaks="nobody is told that a party's zones are gone from the picture",
        tests=("tests/unit/test_former_feed.py",),
    ),
    Mutant(
        name="what was left is forgotten as the feed is followed",
        file="shell/config/resumed.py",
        old="    write_left(installation.left, former)\n",
        new="",
        breaks="after its start nothing says that a party's zones are gone from the picture",
        tests=("tests/unit/test_former_feed.py",),
    ),
    Mutant(
        name="a new certificate without its card",
        file="shell/config/renewing.py",
        old="        write_card(installation.folder / CARD, card)\n",
        new="",
        breaks="the parties compare a card that fits no line",
        tests=COMMANDS,
    ),
)
