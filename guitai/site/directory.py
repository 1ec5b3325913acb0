"""`guitai directory show`: the signed copy, over a database that may never have been started before."""

from typing import Any

from guitai.care import api as care
from guitai.site.prepare import prepare


def signed_copy() -> str:
    """The signed copy as it is published now."""
    prepare()
    return care.signed_directory()


def published_keys() -> dict[str, Any]:
    """The keys of signed copies."""
    return care.directory_keys()
