"""The signed record, as bytes: entries, trees, notes, receipts, forks. No domain."""
