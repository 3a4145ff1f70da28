"""The trusts of the review of 2013 that were not placed in special measures.

Source: Health Service Journal 5061230, 16 July 2013, which names all fourteen. Colchester (RDE) was
placed in November 2013 all the same, and is no comparison from then on; its spell is in the record.
"""

from __future__ import annotations

REVIEW_ENTRY = "2013-07-16"
"""Day on which the other eleven were placed."""
NOT_PLACED = ("RDE", "RNA", "RXL")
