"""What the wallet does by itself."""

from uuid import UUID

from procrastinate import RetryStrategy

from guitai.kit.jobs import app
from guitai.kit.transactions import outermost
from guitai.wallet.flows.chargebacks import lapse_due as lapse_chargebacks
from guitai.wallet.flows.close_top_ups import expire_closed
from guitai.wallet.flows.deadlines import close_due, deliver_missed
from guitai.wallet.flows.disputed import lapse_due
from guitai.wallet.flows.overdue import mark_overdue
from guitai.wallet.flows.recalls import tell_late
from guitai.wallet.flows.withdrawal_events import watch_withdrawals
from guitai.wallet.notices_staff import tell_shortfalls
from guitai.wallet.notices_withdrawals import remind_to_confirm
from guitai.wallet.reconciliation.flows.close_day import draft_due
from guitai.wallet.reconciliation.flows.match_lines import JOB as MATCH
from guitai.wallet.reconciliation.flows.match_lines import match_file, resume, retry_items
from guitai.wallet.reconciliation.flows.overdue_lines import give_up_waiting
from guitai.wallet.reconciliation.flows.told_before import note_told_before
from guitai.wallet.reserve.flows.daily_advice import advise_today
from guitai.wallet.till.expiry import expire_reservations


@app.periodic(cron="* * * * *", periodic_id="wallet.close_due")
@app.task(name="wallet.close_due", queue="default", queueing_lock="wallet.close_due")
def close_due_operations(timestamp: int) -> None:
    """Every minute: what is past its deadline is final, returned or expired, and what missed its payee is delivered."""
    close_due()
    deliver_missed()
    expire_closed()
    mark_overdue()
    lapse_due()
    lapse_chargebacks()
    expire_reservations()


@app.periodic(cron="* * * * *", periodic_id="wallet.watch_withdrawals")
@app.task(name="wallet.watch_withdrawals", queue="default", queueing_lock="wallet.watch_withdrawals")
def watch_open_withdrawals(timestamp: int) -> None:
    """Every minute: a withdrawal that is late is said to be, and one that nobody knows of gets a deadline; whoever
    has to confirm one is reminded; banks that nobody has asked in time to call one back."""
    watch_withdrawals()
    with outermost():
        remind_to_confirm()
    tell_late()


@app.task(name=MATCH, queue="default", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def match_statement(file_id: str) -> None:
    """Match the lines of one statement file with the books, from where the last try ended."""
    match_file(UUID(file_id))


@app.periodic(cron="* * * * *", periodic_id="wallet.reconcile")
@app.task(name="wallet.reconcile", queue="default", queueing_lock="wallet.reconcile")
def reconcile(timestamp: int) -> None:
    """Every minute: lines whose movement has been booked meanwhile or is overdue, files whose job was lost, and
    notices whose payment a line has credited."""
    resume()
    retry_items()
    give_up_waiting()
    note_told_before()


@app.periodic(cron="23 * * * *", periodic_id="wallet.close_days")
@app.task(name="wallet.close_days", queue="default", queueing_lock="wallet.close_days")
def close_days(timestamp: int) -> None:
    """Every hour: the figures of yesterday, and of days not known whole; a shortfall is told once a day."""
    draft_due()
    tell_shortfalls()


@app.periodic(cron="5 1 * * *", periodic_id="wallet.reserve_advice")
@app.task(name="wallet.reserve_advice", queue="default", queueing_lock="wallet.reserve_advice")
def advise_reserve(timestamp: int) -> None:
    """Each day: what should be moved into the reserve, or released from it."""
    advise_today()
