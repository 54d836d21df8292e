"""How far properties are tested: the same inputs each time in `make test`, random ones at night.

No deadline: a shared machine pauses, and a slow example is not a wrong one.
"""

from hypothesis import settings

settings.register_profile(
    "check", derandomize=True, max_examples=100, deadline=None, print_blob=True
)
settings.register_profile("nightly", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile("check")
