"""What the wallet does by itself."""

from guitai.kit.jobs import app
from guitai.wallet.flows.deadlines import close_due, deliver_missed
from guitai.wallet.flows.overdue import mark_overdue
from guitai.wallet.flows.withdrawal_events import watch_withdrawals
from guitai.wallet.till.expiry import expire_reservations


@app.periodic(cron="* * * * *", periodic_id="wallet.close_due")
@app.task(name="wallet.close_due", queue="default", queueing_lock="wallet.close_due")
def close_due_operations(timestamp: int) -> None:
    """Every minute: what is past its deadline is final, returned or expired, and what missed its payee is delivered."""
    close_due()
    deliver_missed()
    mark_overdue()
    expire_reservations()


@app.periodic(cron="* * * * *", periodic_id="wallet.watch_withdrawals")
@app.task(name="wallet.watch_withdrawals", queue="default", queueing_lock="wallet.watch_withdrawals")
def watch_open_withdrawals(timestamp: int) -> None:
    """Every minute: a withdrawal that is late is said to be, and one that nobody knows of gets a deadline."""
    watch_withdrawals()
