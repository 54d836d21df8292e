"""One run played: real nodes, a virtual line, people, and a trace of what each node held."""
