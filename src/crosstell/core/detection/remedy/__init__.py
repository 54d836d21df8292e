"""A plan against everything that is declared: its conflicts, and the smallest shifts that clear."""
