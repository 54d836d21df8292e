"""A protocol document among others: what it says leaf by leaf, against another, from a template."""
