"""How one object or plan stands to another, exactly: the definition of every conflict."""
