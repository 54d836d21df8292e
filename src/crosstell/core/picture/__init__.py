"""What a party holds to be there: parties, notices, tracks."""
