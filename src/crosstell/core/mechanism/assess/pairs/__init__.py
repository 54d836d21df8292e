"""What is tested, one file for each kind of pair; each yields its findings in one order."""
