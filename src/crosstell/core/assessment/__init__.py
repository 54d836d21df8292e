"""Assessments: what two pictures of one place differ in, tested. Never which of them is right."""
