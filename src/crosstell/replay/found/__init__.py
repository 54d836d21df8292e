"""What a played run shows: alerts, calls, notices, lead times, adherence, the record's proof."""
