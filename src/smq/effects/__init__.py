"""Effects of the regime: estimates, inference that fits few treated trusts, and checks of both."""
