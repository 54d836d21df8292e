"""What one node is told in files: its own configuration, and the other parties' cards."""
