"""Several tracks of one identity: which they are, and which of them contradict each other."""
