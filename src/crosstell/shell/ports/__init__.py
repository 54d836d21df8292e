"""What a port bears of whoever calls it, before it knows them and after."""
