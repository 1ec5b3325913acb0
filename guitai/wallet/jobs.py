"""What the wallet does by itself."""

from guitai.kit.jobs import app
from guitai.wallet.flows.deadlines import close_due, deliver_missed
from guitai.wallet.till.expiry import expire_reservations


@app.periodic(cron="* * * * *", periodic_id="wallet.close_due")
@app.task(name="wallet.close_due", queue="default", queueing_lock="wallet.close_due")
def close_due_operations(timestamp: int) -> None:
    """Every minute: what is past its deadline is final, returned or expired, and what missed its payee is delivered."""
    close_due()
    deliver_missed()
    expire_reservations()
