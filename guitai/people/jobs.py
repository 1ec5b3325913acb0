"""Background work of people."""

from uuid import UUID

from procrastinate import RetryStrategy

from guitai.kit.jobs import app
from guitai.people.flows.change_phone import apply_due
from guitai.people.flows.close_account import carry_out_due
from guitai.people.flows.dormancy import look_for_sleepers
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.failed_sign_ins import forget_old_failures
from guitai.people.flows.forget_unfinished import forget_unfinished
from guitai.people.flows.identity_expiry import check_expiries
from guitai.people.flows.identity_reading import read_photos
from guitai.people.flows.leave import end_retentions
from guitai.people.flows.personal_data import end_exports, make_export
from guitai.people.flows.remind import remind_renewals, remind_reviews
from guitai.people.queue import MAKE_EXPORT, READ_PHOTOS


@app.periodic(cron="17 * * * *")
@app.task(name="people.forget_unfinished", queue="default", queueing_lock="people.forget_unfinished")
def forget(timestamp: int) -> None:
    """Each hour: sign-ups that were never finished, and codes that are over."""
    forget_unfinished()


@app.periodic(cron="*/5 * * * *")
@app.task(name="people.change_numbers", queue="default", queueing_lock="people.change_numbers")
def change_numbers(timestamp: int) -> None:
    """Every five minutes: changes of number whose wait is over."""
    apply_due()


@app.periodic(cron="47 * * * *")
@app.task(name="people.remind", queue="default", queueing_lock="people.remind")
def remind(timestamp: int) -> None:
    """Each hour, a part of those who are due: the monthly review, and old passwords where the operator wants it."""
    remind_reviews()
    remind_renewals()


@app.task(name=READ_PHOTOS, queue="default", retry=RetryStrategy(max_attempts=3, wait=30))
def read_photos_of(review: str) -> None:
    """Read the photos of one review, where this installation can."""
    read_photos(UUID(review))


@app.task(name=MAKE_EXPORT, queue="default", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def make_export_of(export: str) -> None:
    """Gather a copy of one person's data."""
    make_export(UUID(export))


@app.periodic(cron="41 * * * *")
@app.task(name="people.end_personal_data", queue="default", queueing_lock="people.end_personal_data")
def end_personal_data(timestamp: int) -> None:
    """Each hour: copies whose days are over, what had to be kept until today, documents that end."""
    end_exports()
    end_retentions()
    check_expiries()


@app.periodic(cron="* * * * *")
@app.task(name="people.expire_causes", queue="default", queueing_lock="people.expire_causes")
def expire(timestamp: int) -> None:
    """Each minute: locks and freezes whose time is over."""
    expire_due()


@app.periodic(cron="23 * * * *")
@app.task(name="people.close_accounts", queue="default", queueing_lock="people.close_accounts")
def close(timestamp: int) -> None:
    """Each hour: accounts whose time to think it over has passed, and failures that nobody need remember."""
    carry_out_due()
    forget_old_failures()


@app.periodic(cron="37 9 * * *")
@app.task(name="people.dormancy", queue="default", queueing_lock="people.dormancy")
def dormancy(timestamp: int) -> None:
    """Each day: notices to people long away, and wallets that fall asleep."""
    look_for_sleepers()
