"""The live index of one node: which few of many volumes or tracks one change may concern.

An index accelerates and decides nothing: what it leaves out is surely clear, what it names the
exact pairing decides. Heights are not looked at, since each pair may have conversions of its own.
"""
