"""What the mechanism makes of both sides of the line: tests, ladders, drafts, views."""
