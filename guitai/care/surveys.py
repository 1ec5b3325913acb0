"""What customers said about how cases ended: figures for whoever leads the counter."""

from datetime import timedelta

from django.db.models import Avg, Count, Q

from guitai.base.clock import now
from guitai.care.models import Survey
from guitai.care.types import SurveyRow

DAYS = 90
_SAID = {
    "answers": Count("id"),
    "mean": Avg("rating"),
    "asked": Count("id", filter=Q(solved__isnull=False)),
    "yes": Count("id", filter=Q(solved=True)),
    "effort_mean": Avg("effort"),
}


def survey_figures() -> list[SurveyRow]:
    """All answers of the last ninety days together, then by agent, most answers first; none without answers."""
    said = Survey.objects.filter(at__gte=now() - timedelta(days=DAYS))
    whole = said.aggregate(**_SAID)
    if not whole["answers"]:
        return []
    by_staff = said.filter(staff__isnull=False).values("staff").annotate(**_SAID)
    return [_row({**whole, "staff": None}), *(_row(row) for row in by_staff.order_by("-answers", "staff"))]


def _row(row: dict[str, object]) -> SurveyRow:
    asked, yes, effort = int(str(row["asked"])), int(str(row["yes"])), row["effort_mean"]
    return SurveyRow(
        staff=row["staff"],  # type: ignore[arg-type]
        answers=int(str(row["answers"])),
        rating=round(float(str(row["mean"])), 1),
        solved_percent=100 * yes // asked if asked else None,
        effort=round(float(str(effort)), 1) if effort is not None else None,
    )
