"""What changes something: sessions, acts, observations, accounts; and the noted export."""
