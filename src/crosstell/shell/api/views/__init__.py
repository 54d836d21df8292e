"""What the interface shows: pure views of one state, and what is read in the owner's thread."""
