"""A plan checked against everything that is declared, before and after it is filed."""
