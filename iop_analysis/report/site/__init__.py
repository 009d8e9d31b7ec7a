"""Every state as one static site: pages, a district finder, downloads, and the numbers as JSON and CSV."""
