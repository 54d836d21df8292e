"""What is left once pictures are registered: tests by component, over time, in plain words."""
