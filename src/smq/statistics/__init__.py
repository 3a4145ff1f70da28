"""Statistical methods that know nothing of trusts, with their published values."""
