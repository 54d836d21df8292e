"""What parties judge and state after the fact: accounts side by side, never merged."""
