"""Who may use this node: accounts, sessions, tokens, second persons, and the audit of all of it."""
