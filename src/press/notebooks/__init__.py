"""Notebooks: their typed parameters, their execution, and the copy that a reviewer reads."""
