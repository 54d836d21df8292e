"""The bugs planted in assessment, in the same form as `planted`."""

from .planted import Mutant

_REGISTRATION = ("tests/unit/test_assessment_registration.py",)
_DISCREPANCY = ("tests/unit/test_assessment_discrepancy.py",)
_SEQUENCE = ("tests/unit/test_assessment_sequence.py",)

ASSESSMENT = (
    Mutant(
        name="a second pattern is not asked for",
        file="core/assessment/registration/register.py",
        old="    if rival >= RIVAL_SHARE_MAX:\n",
        new="    if rival >= 9.0 * RIVAL_SHARE_MAX:\n",
        breaks="two ways to lay pictures on each other are as good, and one is told as fact",
        tests=_REGISTRATION,
    ),
    Mutant(
        name="geometry is not asked for",
        file="core/assessment/registration/register.py",
        old="    if known[0] < KNOWN_TIMES**2:\n",
        new="    if known[0] < 0.0:\n",
        breaks="a shift along parallel tracks is told as a lateness",
        tests=_REGISTRATION,
    ),
    Mutant(
        name="variances summed where sources may be one",
        file="core/assessment/discrepancy/pair.py",
        old="    if confirms is Confirmation.INDEPENDENT:\n",
        new="    if confirms is not Confirmation.SHARED_SOURCE:\n",
        breaks="errors that may be common are taken for differences",
        tests=_DISCREPANCY,
    ),
    Mutant(
        name="a suspicion is sure",
        file="core/assessment/discrepancy/sequence.py",
        old="    if summed >= sure:\n",
        new="    if summed >= suspect:\n",
        breaks="a hundred times as many false discrepancies",
        tests=_SEQUENCE,
    ),
    Mutant(
        name="not testable reads as nothing found",
        file="core/assessment/discrepancy/sequence.py",
        old="    State.NONE_FOUND: _row(State.NOT_TESTABLE,",
        new="    State.NONE_FOUND: _row(State.NONE_FOUND,",
        breaks="what cannot be tested looks like agreement",
        tests=_SEQUENCE,
    ),
    Mutant(
        name="the mirror keeps the time",
        file="core/assessment/discrepancy/compare.py",
        old="                time_s=0.0 - offset.time_s,\n",
        new="                time_s=offset.time_s,\n",
        breaks="each side is told that the other is late",
        tests=_DISCREPANCY,
    ),
)
