"""The facts of the project as data, and the one reader of them."""
