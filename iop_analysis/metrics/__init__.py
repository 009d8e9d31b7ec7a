"""Pure measures: tables in, tables out."""
