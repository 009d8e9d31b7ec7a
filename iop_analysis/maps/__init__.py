"""Maps: tables in, axes or a figure out."""
