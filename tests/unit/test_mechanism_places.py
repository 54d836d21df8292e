"""Which declared places a standoff keeps tracks from. Proves PRO-011."""

import pytest
from picture_values import volume

from crosstell.core.ids import RuleId
from crosstell.core.mechanism.rules import bears
from crosstell.core.picture.content import (
    AvoidanceRequest,
    Content,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
)
from crosstell.core.protocol.rule import Certainty, KeptFrom, Minima, Standoff


@pytest.mark.parametrize("kind", tuple(KeptFrom))
def test_pro_011_each_word_means_its_own_kind_of_place(kind: KeptFrom) -> None:
    here = volume()
    contents: dict[KeptFrom, Content] = {
        KeptFrom.OWN_FORCE_LOCATION: OwnForceLocation(volume=here),
        KeptFrom.AVOIDANCE_PLACE: AvoidanceRequest(volume=here, asked="avoid"),
        KeptFrom.NOTIFIED_SITE: NotifiedSite(notifier="n", volume=here, what="hospital"),
        KeptFrom.NOTIFIED_MOVEMENT: NotifiedMovement(notifier="n", volumes=(here,), what="aid"),
    }
    rule = Standoff(
        id=RuleId("apart"), text="keep away", source="a test", certainty=Certainty.ASSUMED,
        minima=Minima(lateral_m=2_000.0), kept_from=(kind,),
    )  # fmt: skip
    assert [word for word, content in contents.items() if bears(rule, content)] == [kind]
