"""Carried: the aggregates that travel with the package, so that a report needs no download.

Each module reads its own tables, and writes them into a folder with `write(folder)`; `write_all` makes them all anew.
"""
