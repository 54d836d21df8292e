"""What is shipped with the package as data, verified when it is read."""
