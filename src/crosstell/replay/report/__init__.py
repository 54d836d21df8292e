"""The incident report: one run, or one record, as a page and a text that a person can check."""
