"""The Content-Security-Policy of a page: what a browser may load for it, which is never another host's."""

from __future__ import annotations

import base64
import hashlib

PLACE = "press-policy"
"""What stands in the templates where the policy goes."""

# In Firefox 'self' is nothing for a page opened from a folder; a page from a server can load no file: at all.
_OWN = "'self' file:"


def of_single_page(style: str) -> str:
    """Give the policy of a page that holds everything; `style` is the text of its one style element."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def of_site_page(script: str = "") -> str:
    """Give the policy of a page among others; `script` is the text of its one script, if it has any."""
    return (
        f"default-src 'none'; {f'script-src {_hash(script)}; ' if script else ''}style-src {_OWN}; "
        f"img-src {_OWN}; font-src data:; base-uri 'none'; form-action {_OWN}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
