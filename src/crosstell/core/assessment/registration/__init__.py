"""How one picture lies on another: which tracks are of one object, and what offset all share."""
