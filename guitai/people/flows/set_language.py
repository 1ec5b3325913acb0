"""Remember a person's language: messages are written in it."""

from uuid import UUID

from django.conf import settings

from guitai.people.models import User


def set_language(person: UUID, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        User.objects.filter(id=person).update(language=language)
