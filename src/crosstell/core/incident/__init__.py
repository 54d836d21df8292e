"""The aftermath: incident files, readouts, joint texts, corrective action, each by its owner."""
