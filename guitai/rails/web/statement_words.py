"""Words about statement files in pages."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.rails.types import StatementFileState

STATES: Final[dict[StatementFileState, object]] = {
    "receiving": _("Arriving"),
    "received": _("Being checked"),
    "importing": _("Being stored"),
    "imported": pgettext_lazy("statement file", "Read"),
    "refused": pgettext_lazy("statement file", "Refused"),
}
TONES: Final[dict[StatementFileState, str]] = {
    "receiving": "wait",
    "received": "wait",
    "importing": "wait",
    "imported": "ok",
    "refused": "danger",
}
SOURCES: Final = {
    "upload": _("uploaded"),
    "folder": _("from the folder"),
    "command": _("by command"),
    "download": _("fetched"),
}
KINDS: Final = {
    "statement": pgettext_lazy("bank", "Statement"),
    "report": pgettext_lazy("bank", "Report of the day so far"),
    "notice": pgettext_lazy("bank", "Notice of bookings"),
}
FORMATS: Final = {"camt": "ISO 20022 camt", "pain.002": "ISO 20022 pain.002", "mt940": "MT940", "csv": "CSV"}
UNDER_WAY: Final[tuple[StatementFileState, ...]] = ("receiving", "received", "importing")
# Which files a list shows.
CHOICES: Final[dict[str, tuple[object, frozenset[StatementFileState] | None]]] = {
    "": (pgettext_lazy("statement files", "All"), None),
    "under-way": (pgettext_lazy("statement files", "Under way"), frozenset(UNDER_WAY)),
    "refused": (pgettext_lazy("statement files", "Refused"), frozenset({"refused"})),
}
