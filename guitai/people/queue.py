"""Putting work of people on the queue by name: flows and jobs both need it."""

from uuid import UUID

from guitai.kit.jobs import app

READ_PHOTOS, MAKE_EXPORT = "people.read_photos", "people.make_export"


def defer_reading(review: UUID) -> None:
    """Have the photos of a review read by our own machine; commits with the caller's transaction."""
    app.configure_task(READ_PHOTOS, queue="default").defer(review=str(review))


def defer_export(export: UUID) -> None:
    """Have a copy of a person's data made; commits with the caller's transaction."""
    app.configure_task(MAKE_EXPORT, queue="default").defer(export=str(export))
