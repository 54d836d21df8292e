"""What a party does with its keys: rotate, revoke, resume; and erasing what an entry said."""
