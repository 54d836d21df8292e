"""Rules that no test decides: duties, contact levels, frequencies, fixed phrases."""
