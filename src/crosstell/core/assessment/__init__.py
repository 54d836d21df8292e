"""Assessments: what each side states happened, side by side, and what two pictures differ in.

Nothing here says which of them is right.
"""
