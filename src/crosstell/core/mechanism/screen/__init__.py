"""Everything that a watch sees at one moment, as one value: computed, never stored."""
