"""`guitai evidence keys`, over a database that may never have been started before."""

from guitai.care import api as care
from guitai.site.prepare import prepare


def published_keys() -> dict[str, object]:
    """The keys of evidence packs."""
    prepare()
    return care.evidence_keys()
