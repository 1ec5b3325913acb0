"""Sign a person out everywhere, at once and in every process."""

from uuid import UUID

from django.db.models import F

from guitai.people.models import User


def end_sessions(person: UUID) -> None:
    """Every session's fingerprint holds this number; the old ones no longer fit."""
    User.objects.filter(id=person).update(session_generation=F("session_generation") + 1)
