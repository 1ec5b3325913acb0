"""The report of a pack: what happened, on paper, in the reader's language."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from guitai.base.reference import spoken
from guitai.care.emergency.collect import Collected
from guitai.care.web.words import category_words
from guitai.kit.operator import operator
from guitai.wallet.api import state_words

# A font that every PDF reader has for Chinese, so that none has to be carried along.
_FONT = "STSong-Light"
_INK, _LINE = colors.HexColor("#1d241f"), colors.HexColor("#cfd6cf")
_TITLE = ParagraphStyle("title", fontName=_FONT, fontSize=18, leading=24, textColor=_INK, spaceAfter=4 * mm)
_HEAD = ParagraphStyle("head", fontName=_FONT, fontSize=12, leading=16, textColor=_INK, spaceBefore=6 * mm)
_BODY = ParagraphStyle("body", fontName=_FONT, fontSize=9, leading=13, textColor=_INK, wordWrap="CJK")
_SHOWN_MAX = 60


def report(collected: Collected, *, number: int, previous: str, language: str, at: datetime) -> bytes:
    """A PDF of some pages; everything in it stands in the pack's other files too, in full."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    output = io.BytesIO()
    row = collected.case.row
    brand = operator().brand.get(language) or operator().brand.get("en", "")
    title = _("Evidence of case %(reference)s") % {"reference": spoken(row.reference)}
    pages = SimpleDocTemplate(
        output, pagesize=A4, title=title, author=brand, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm,
        bottomMargin=18 * mm,
    )  # fmt: skip
    facts = [
        (
            pgettext("report", "Issued by"),
            f"{operator().legal_name.get(language) or brand} · {operator().licence}",
        ),
        (_("Generated"), _moment(at)),
        (_("Pack"), str(number)),
        (_("Manifest of the pack before it"), previous),
        (_("About"), category_words(row.category)),
        (_("Opened"), _moment(row.opened_at)),
    ]
    if collected.police:
        facts.append((_("Police receipt"), f"{collected.police['station']} · {collected.police['number']}"))
    said = _(
        "This report sums up the pack it lies in. Times are in UTC. Every file of the pack is named with its SHA-256 "
        "in manifest.json, whose signature is checked offline with the published keys."
    )
    story: list[Any] = [
        _text(title, _TITLE),
        _table(facts, (45 * mm, 129 * mm)),
        Spacer(1, 3 * mm),
        _text(said),
    ]
    for heading, rows, widths in _parts(collected):
        story.append(_text(heading, _HEAD))
        story.append(_table(rows[:_SHOWN_MAX], widths) if rows else _text(_("Nothing is recorded.")))
    pages.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return output.getvalue()


def _parts(collected: Collected) -> Iterable[tuple[str, list[tuple[str, ...]], tuple[float, ...]]]:
    yield _("What left within thirty days"), [
        (_moment(row["created_at"]), row["reference"], f"{row['amount']} {row['currency']}",
         state_words(row["state"]), row["counterparty"], " ".join(leg["transfer"][:13] for leg in row["ledger"]))
        for row in collected.operations
    ], (32 * mm, 24 * mm, 28 * mm, 26 * mm, 34 * mm, 30 * mm)  # fmt: skip
    yield _("Sign-ins"), [
        (_moment(one.get("began_at")), *(str(one.get(name) or "") for name in ("device", "place", "network")))
        for one in collected.access.get("sign_ins", ())
    ], (34 * mm, 60 * mm, 50 * mm, 30 * mm)  # fmt: skip
    yield _("Standing of the wallet"), [
        (_moment(one["at"]), one["action"], one["state"], one["reason"], " ".join(one["stopped"]))
        for one in collected.standing
    ], (34 * mm, 34 * mm, 26 * mm, 34 * mm, 46 * mm)  # fmt: skip
    yield _("Contact"), [
        (_moment(one["at"]), one["what"], one["by"], str(one.get("words", ""))[:400]) for one in collected.contact
    ], (34 * mm, 24 * mm, 20 * mm, 96 * mm)  # fmt: skip
    yield _("Custody"), [
        (_moment(one["at"]), one["what"], one["by"], one.get("sha256") or one.get("manifest_sha256") or "")
        for one in collected.custody
    ], (34 * mm, 22 * mm, 48 * mm, 70 * mm)  # fmt: skip


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    style = TableStyle([
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, _LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2),
    ])  # fmt: skip
    return Table([[_text(cell) for cell in row] for row in rows], colWidths=widths, style=style)


def _text(words: str, style: ParagraphStyle = _BODY) -> Paragraph:
    """Plain text: what a customer wrote is no markup here either."""
    return Paragraph(escape(str(words)), style)


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, 8)
    canvas.setFillColor(_INK)
    canvas.drawString(18 * mm, 10 * mm, f"{document.title} · {document.page}")


def _moment(at: Any) -> str:
    text = at.isoformat() if isinstance(at, datetime) else str(at or "")
    return text[:19].replace("T", " ")
