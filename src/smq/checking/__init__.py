"""The checks of a world's data that the report quotes."""
