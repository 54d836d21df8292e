"""The node's own HTTP interface, for its operators and systems. Other parties have another port."""
