"""What a party knows: the entries it holds, and the state they fold into."""
