"""Bytes to core values and back, one file per outside format. No sockets."""
