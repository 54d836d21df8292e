"""The line between two roles: calls, acknowledgement, answers, escalation, health."""
