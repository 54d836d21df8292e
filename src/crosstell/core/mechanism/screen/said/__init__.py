"""What is said to a person on the screen: phrases with typed arguments, and why."""
