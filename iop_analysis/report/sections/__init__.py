"""Sections of a state report, one file a section; `order` says in which order they stand."""
