"""The study: Special Measures for Quality in English NHS trusts, 2013 to 2021."""
