"""Exports of a record: the folder, written whole and read as hostile input; what goes into it."""
