"""From what is held to a decided alert: what is tested, under which readings, and what follows."""
