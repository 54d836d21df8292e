"""Accounts: what each party states happened, claim by claim, kept apart and compared."""
