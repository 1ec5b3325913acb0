"""Withdrawals: what is asked, what is promised, and what a bank may make of them."""

from datetime import datetime, time, timedelta

from tests.machine.simulation.ground import Ground
from tests.machine.simulation.known import (
    PIN,
    ZONE,
    Account,
    Expected,
    Happened,
    Operation,
    Truth,
    Wish,
    agree,
)

# The operator's policies `payouts` and `withdrawals`, as they are when nobody changes them.
_OPENS, _CUT_OFF, _ARRIVES_BY = time(8), time(16), time(18)
_LAST_DAYS, _LAST_DAYS_ONLINE, _MARGIN_DAYS, _ANSWER_DAYS, _NEW_ACCOUNT = 3, 1, 1, 3, timedelta(hours=24)
# By which rails money can leave for an account of a kind, the usual one first; all of them take this currency alone.
WAYS = {"cn_card": ("bank", "unionpay"), "alipay": ("alipay",)}
PAID_OUT = ("CNY",)
_OPEN = ("processing", "unknown")
_STAGES = ("held", "queued", "sent", "accepted")


class MoneyOut(Ground):
    def judge_withdrawal(self, wish: Wish, now: datetime, *, review: bool = False) -> Expected:
        """The answer to a wish that is judged now, or what its review shows."""
        fee = self.rules.withdrawal_fee(wish.rail, wish.currency, wish.amount)
        code = self._refuse_asker(wish, now) or self._refuse_way(wish) or self.refuse_limits(wish, now)
        if code is None and wish.amount + fee > wish.owner.money[wish.currency]:
            code = "insufficient_balance"
        if code is not None:
            return Expected("refused", "refused", code, fee)
        expected = self._approve_withdrawal(wish, fee, now)
        if wish.pin is None and not review:
            return Expected("refused", "refused", "pin_missing", fee)
        if wish.terms is not None and wish.terms != (expected.outcome, fee):
            return Expected("refused", "refused", "terms_changed", fee)
        if wish.amount > self.float(wish.rail, wish.currency):
            return Expected("refused", "refused", "payout_float_short", fee)
        return expected

    def judge_take_back(self, operation: Operation) -> str | None:
        """The code that its owner is refused with who takes a withdrawal back."""
        if operation.state == "held" or (operation.state in _OPEN and operation.stage == "queued"):
            return None
        return "withdrawal_under_way" if operation.state in _OPEN else "withdrawal_not_cancellable"

    def way(self, wish: Wish) -> str:
        """By which rail a withdrawal leaves: as was chosen, otherwise by the first that pays its currency."""
        account = self.account(wish)
        ways = WAYS[account.kind] if account is not None else ("bank",)
        if wish.wanted in ways:
            return wish.wanted
        return next((rail for rail in ways if self._pays(rail, wish.currency)), ways[0])

    def account(self, wish: Wish) -> Account | None:
        """The account of its owner that a withdrawal names."""
        return next((one for one in wish.owner.accounts.values() if one.id == wish.account), None)

    def offered(self, account: Account) -> dict[str, bool]:
        """The ways that are offered to an account, and whether there is anything to pay out from."""
        return {
            rail: self.float(rail, "CNY") >= self.rules.ways[rail][1]
            for rail in WAYS[account.kind] if self._pays(rail, "CNY")
        }  # fmt: skip

    def float(self, rail: str, currency: str) -> int:
        """What lies at a rail and is not on its way out."""
        out = sum(
            o.amount for o in self.operations.values()
            if o.kind == "withdrawal" and (o.rail, o.currency) == (rail, currency) and o.reserved
        )  # fmt: skip
        back = sum(
            r.amount for r in self.receipts.values()
            if r.state == "processing" and (r.rail, r.currency) == (rail, currency)
        )  # fmt: skip
        back += sum(
            minor for o in self.operations.values() if o.rail == rail
            for minor, of in o.returning if of == currency
        )  # fmt: skip
        return self.banked[rail, currency] - out - back

    def _refuse_asker(self, wish: Wish, now: datetime) -> str | None:
        owner = wish.owner
        if {"withdrawal", "spending"} & owner.stops:
            return "frozen"
        if wish.pin is not None:
            _, _, until = self.tried(owner, wish.pin == PIN, now)
            if until is not None and until > now:
                return "pin_locked"
            if wish.pin != PIN:
                return "pin_wrong"
        return "withdrawal_needs_identity" if owner.tier < 1 else None

    def _refuse_way(self, wish: Wish) -> str | None:
        if self.account(wish) is None:
            return "account_not_bound"
        if wish.wanted not in ("", wish.rail):
            return "withdrawal_way_not_for_account"
        if not self._pays(wish.rail, wish.currency):
            return "payout_currency_not_taken"
        if wish.currency not in PAID_OUT:
            return "account_of_another_currency"
        _, least, most = self.rules.ways[wish.rail]
        if wish.amount < least:
            return "withdrawal_too_small"
        return "withdrawal_over_way" if most and wish.amount > most else None

    def _pays(self, rail: str, currency: str) -> bool:
        """The bank pays from an account of ours in one currency, a gateway whatever the operator lets it."""
        return self.rules.ways[rail][0] and (rail != "bank" or currency in PAID_OUT)

    def _approve_withdrawal(self, wish: Wish, fee: int, now: datetime) -> Expected:
        account = self.account(wish)
        assert account is not None
        is_known = account.bound_at + _NEW_ACCOUNT <= now
        if (reason := self.hold_reason(wish, is_known, now)) is not None:
            return Expected("held", "held", reason, fee, deadline=now + self.rules.held)
        return Expected("approved", "processing", None, fee, deadlines=self._promises(wish.rail, now))

    def advance_withdrawal(self, operation: Operation, happened: Happened, truth: Truth) -> None:
        """People, the bank or a deadline have said something of it."""
        event, now, told = happened.event, happened.now, truth.told
        what = f"{operation.reference} went from {operation.state}/{operation.stage} to {happened.state} ({event})"
        due = operation.deadline is not None and operation.deadline <= now
        open_ = operation.state in _OPEN
        if event == "released":
            agree(operation.state == "held" and not due, what)
            agree(not {"withdrawal", "spending"} & operation.owner.stops, f"{what}: its owner is stopped")
            operation.stage, operation.deadlines = "queued", self._promises(operation.rail, now)
        elif event == "cancelled":
            agree(operation.state == "held" or (open_ and operation.stage == "queued"), what)
            agree(not truth.has_it, f"{what}: the bank has it")
            agree(due if happened.code == "withdrawal_lapsed" else True, f"{what}: before its deadline")
            self._all_back(operation)
        elif event in ("sent", "accepted"):
            agree(open_ and _STAGES.index(event) > _STAGES.index(operation.stage), what)
            agree(event == "sent" or event in told, f"{what}: the bank said no such thing")
            operation.stage = event
            return
        elif event == "succeeded":
            agree(open_ and "settled" in told, f"{what}: the bank said no such thing")
            self._leaves(operation)
        elif event == "failed":
            agree(open_ and "rejected" in told, f"{what}: the bank said no such thing")
            self._all_back(operation)
        elif event == "returned":
            agree((open_ or operation.state == "succeeded") and "returned" in told, what)
            self._comes_back(operation, truth.came_back, leaves=open_)
        else:
            self._overdue(operation, event, now, what, due=due)
            return
        if event != "released":
            operation.stage, operation.deadline, operation.deadlines = "ended", None, frozenset()

    def _overdue(self, operation: Operation, event: str, now: datetime, what: str, *, due: bool) -> None:
        agree(due and operation.deadline is not None, f"{what}: before its deadline")
        assert operation.deadline is not None
        if event == "delayed":
            agree(operation.state == "processing" and operation.stage == "queued", what)
            operation.deadlines = self._promises(operation.rail, now)
        elif event == "late":
            agree(operation.state == "processing" and operation.stage in ("sent", "accepted"), what)
            agree(not operation.margin, f"{what}: it was told late before")
            operation.margin = True
            operation.deadline = _days_after(operation.rail, operation.deadline, _MARGIN_DAYS)
        elif event == "unknown":
            agree(operation.state == "processing" and operation.margin, what)
            operation.deadline = _days_after(operation.rail, operation.deadline, _ANSWER_DAYS)
        else:
            agree(event == "overdue" and operation.state == "unknown", what)
            operation.deadline = None

    def _leaves(self, operation: Operation) -> None:
        self.banked[operation.rail, operation.currency] -= operation.amount
        self.fees[operation.currency] += operation.fee

    def _comes_back(self, operation: Operation, minor: int, *, leaves: bool) -> None:
        if leaves:
            self._leaves(operation)
        self.banked[operation.rail, operation.currency] += minor
        self.fees[operation.currency] -= operation.fee
        operation.owner.money[operation.currency] += minor + operation.fee
        self.give_back(operation)

    def _all_back(self, operation: Operation) -> None:
        operation.owner.money[operation.currency] += operation.amount + operation.fee
        self.give_back(operation)

    def _promises(self, rail: str, now: datetime) -> frozenset[datetime]:
        """By when something arrives that leaves now; its rail may have become slower or faster within the step."""
        moments = [now + delay for delay in self.delays[rail]]
        if rail == "bank":
            return frozenset(_days_after(rail, _leaves_at(moment), _LAST_DAYS) for moment in moments)
        return frozenset(_days_after(rail, moment, _LAST_DAYS_ONLINE) for moment in moments)


def _leaves_at(moment: datetime) -> datetime:
    """When a file leaves: within the hours of a bank day."""
    local = moment.astimezone(ZONE)
    if local.isoweekday() <= 5 and _OPENS <= local.time() < _CUT_OFF:
        return local
    day = local.date()
    if local.isoweekday() > 5 or local.time() >= _CUT_OFF:
        day += timedelta(days=1)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return datetime.combine(day, _OPENS, ZONE)


def _days_after(rail: str, moment: datetime, days: int) -> datetime:
    """The evening so many days after a moment's own day; only a bank has days on which it is shut."""
    day = moment.astimezone(ZONE).date()
    while days:
        day += timedelta(days=1)
        days -= rail != "bank" or day.isoweekday() <= 5
    return datetime.combine(day, _ARRIVES_BY, ZONE)
