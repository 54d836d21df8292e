"""The aftermath as this party holds it: views over claims and papers, and what is drafted."""
