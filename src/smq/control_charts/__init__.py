"""Control charts of single trusts, and funnels of standardised ratios."""
