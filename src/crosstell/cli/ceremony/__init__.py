"""Commands for what is done with the node stopped and the offline root at hand."""
