"""The line between two roles: calls, acknowledgement, answers, voice, escalation, health."""
