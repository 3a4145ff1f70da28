"""Readers: one module for each layout in which figures arrive; each gives rows of the tidy panel."""
