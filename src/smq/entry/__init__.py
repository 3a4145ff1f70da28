"""Who enters: trusts of the regime against trusts that never were in it."""
