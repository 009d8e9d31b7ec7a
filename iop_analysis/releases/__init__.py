"""Releases: the gate that every source leaves through, and the store of what was built."""
