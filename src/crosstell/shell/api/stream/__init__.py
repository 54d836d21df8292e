"""The live stream: server-sent events, resumable by the local sequence for ever."""
