"""The demonstration world: fictional trusts, what happened to them, and the raw files that tell of it."""
