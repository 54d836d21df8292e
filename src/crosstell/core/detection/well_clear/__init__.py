"""Well-clear volumes after RTCA DO-365B: whether two aircraft will violate one, when, how loud."""
