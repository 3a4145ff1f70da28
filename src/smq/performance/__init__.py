"""Indicators before, in and after special measures."""
