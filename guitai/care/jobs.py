"""Background work of the room care."""

from guitai.care import api, library
from guitai.kit.jobs import app


@app.periodic(cron="*/10 * * * *")
@app.task(name="care.close_resolved", queue="default", pass_context=False)
def close_resolved(timestamp: int) -> None:
    """Close cases whose time for reopening is over."""
    while api.close_resolved():
        pass


@app.periodic(cron="* * * * *")
@app.task(name="care.publish_due_articles", queue="default", pass_context=False)
def publish_due_articles(timestamp: int) -> None:
    """Put in force the articles that were planned for this minute."""
    while api.publish_due_articles():
        pass


@app.periodic(cron="17 3 * * *")
@app.task(name="care.forget_old_counts", queue="default", pass_context=False)
def forget_old_counts(timestamp: int) -> None:
    """Delete counts of readings and questions that no page looks at any more."""
    library.forget_old_counts()


@app.periodic(cron="* * * * *")
@app.task(name="care.watch_services", queue="default", pass_context=False)
def watch_services(timestamp: int) -> None:
    """Note how the services are."""
    api.watch_services()


@app.periodic(cron="* * * * *")
@app.task(name="care.tell_announcements", queue="default", pass_context=False)
def tell_announcements(timestamp: int) -> None:
    """Tell everybody what everybody is to hear."""
    while api.tell_announcements():
        pass


@app.periodic(cron="* * * * *")
@app.task(name="care.note_late", queue="default", pass_context=False)
def note_late(timestamp: int) -> None:
    """Note what is past its time, and tell those who were promised it."""
    while api.note_late():
        pass


@app.periodic(cron="*/10 * * * *")
@app.task(name="care.follow_up_waiting", queue="default", pass_context=False)
def follow_up_waiting(timestamp: int) -> None:
    """Remind those who were asked something, and end what they leave."""
    while api.follow_up_waiting():
        pass


@app.periodic(cron="27 3 * * *")
@app.task(name="care.forget_drafts", queue="default", pass_context=False)
def forget_drafts(timestamp: int) -> None:
    """Delete what was typed and left a week ago."""
    api.forget_drafts()
