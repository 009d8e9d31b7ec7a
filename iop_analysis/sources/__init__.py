"""One file per source: read(path) and clean(table, release)."""
