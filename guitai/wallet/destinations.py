"""Where a withdrawal may go: accounts that people have bound, and cards that they have topped up with.

A card's number never comes here, so nobody can bind one: money goes back to a payment of theirs, by the way it came and
up to what that payment still allows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from guitai.audit.types import Purpose
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.base.refusal import NotFound
from guitai.kit import policies
from guitai.people import api as people
from guitai.people.types import AccountDetails, BoundAccount
from guitai.rails import api as rails
from guitai.rails.types import PaymentBack
from guitai.wallet.models import Chargeback, LimitUsed, Operation, Party
from guitai.wallet.rules.withdrawals import BACK_TO_CARD, CARD, Withdrawals
from guitai.wallet.till.types import LimitKey
from guitai.wallet.withdrawal_types import CardPayment, Destination

# What has gone back to a payment is counted as the use of a limit is, in one month that never ends.
_ALWAYS = date(2000, 1, 1)
_BRANDS = {
    "amex": "American Express", "diners": "Diners Club", "discover": "Discover", "jcb": "JCB",
    "mastercard": "Mastercard", "unionpay": "UnionPay", "visa": "Visa",
}  # fmt: skip
_SHOWN_MAX = 20


def all_of(owner: UUID) -> list[Destination]:
    """What somebody may choose from: their accounts, then the payments of which something may go back, the latest
    first."""
    found = [_of_account(one) for one in people.bindings(owner)]
    payments = card_payments(owner)
    return found + [_of_payment(one) for one in payments if one.left][:_SHOWN_MAX]


def named(owner: UUID, ids: Iterable[UUID]) -> dict[UUID, Destination]:
    """Somebody's own of these ids, also those that nothing can go to any more."""
    wanted = set(ids)
    found = {one.id: _of_account(one) for one in people.bindings(owner) if one.id in wanted}
    missing = wanted - found.keys()
    payments = card_payments(owner, missing) if missing else ()
    return found | {one.operation_id: _of_payment(one) for one in payments}


def one_of(owner: UUID, wanted: UUID) -> Destination:
    """refuses not_found"""
    found = named(owner, [wanted]).get(wanted)
    if found is None:
        raise NotFound()
    return found


def kinds_of(wanted: Iterable[tuple[UUID, UUID]]) -> dict[UUID, str]:
    """Of what kind destinations are, bound or not any more.

    takes    (whose, id) pairs; a payment is nobody's but its payer's
    """
    pairs = list(wanted)
    kinds: dict[UUID, str] = dict(people.account_kinds(one for _, one in pairs))
    others = {one: owner for owner, one in pairs if one not in kinds}
    if others:
        rows = _top_ups().filter(id__in=others.keys()).values_list("id", "owner")
        kinds |= {one: BACK_TO_CARD for one, owner in rows if others[one] == owner}
    return kinds


def card_payments(owner: UUID, ids: Iterable[UUID] | None = None) -> list[CardPayment]:
    """Somebody's top-ups by card that were paid, the latest first; of all of them those that still take money back."""
    days = timedelta(days=policies.current(Withdrawals).value.back_to_card_days)
    rows = _top_ups().filter(owner=owner, state="succeeded")
    rows = rows.filter(id__in=list(ids)) if ids is not None else rows.filter(created_at__gt=now() - days)
    top_ups = list(rows.order_by("-id")[:500])
    told = rails.payments_made([row.reference for row in top_ups], rail=CARD)
    made = [(row, told[row.reference]) for row in top_ups if row.reference in told]
    withdrawn = _withdrawn(owner, [row.id for row, _ in made])
    disputes = Chargeback.objects.filter(operation_id__in=[row.id for row, _ in made]).exclude(state="won")
    disputed = set(disputes.values_list("operation_id", flat=True))
    return [
        _card_payment(row, payment, withdrawn.get(row.id, 0), row.id in disputed, days)
        for row, payment in made
    ]


def window_of(owner: UUID, payment: UUID, currency: str) -> LimitKey:
    """Where the till counts, under lock, what withdrawals take of a payment; what is given back returns to it."""
    return LimitKey(owner, f"{BACK_TO_CARD}:{payment}", currency, _ALWAYS)


def details_of(wanted: UUID, about: UUID) -> AccountDetails | None:
    """An account in full, for the rail that pays to it, recorded as read for an operation; None: it is a payment."""
    if wanted in people.account_kinds([wanted]):
        return people.account_details(wanted, purpose=Purpose("withdrawal", str(about)))
    return None


def order_of(payment: UUID) -> str:
    """By which reference the rail knows a payment that is a destination."""
    return _top_ups().values_list("reference", flat=True).get(id=payment)


def _top_ups() -> QuerySet[Operation]:
    by_card = Party.objects.filter(operation_id=OuterRef("id"), owner=OuterRef("owner"), label=CARD)
    return Operation.objects.filter(Exists(by_card), kind="top_up")


def _withdrawn(owner: UUID, payments: Sequence[UUID]) -> dict[UUID, int]:
    names = {f"{BACK_TO_CARD}:{one}": one for one in payments}
    rows = LimitUsed.objects.filter(owner=owner, name__in=names, month=_ALWAYS)
    return {names[name]: minor for name, minor in rows.values_list("name", "month_minor")}


def _card_payment(
    row: Operation, payment: PaymentBack, withdrawn: int, disputed: bool, days: timedelta
) -> CardPayment:
    card, until = payment.paid_with, payment.paid_at + days
    made = CardPayment(
        operation_id=row.id,
        reference=row.reference,
        paid_at=payment.paid_at,
        paid=payment.paid,
        refunded=payment.refunded,
        withdrawn=Money(withdrawn, payment.paid.currency),
        disputed=disputed,
        until=until,
        brand=_BRANDS.get(card.brand, card.brand.title()) if card else "",
        last4=card.last4 if card else "",
        left=Money(0, payment.paid.currency),
    )
    takes_back = not disputed and until > now()
    return replace(made, left=made.left_beside(withdrawn)) if takes_back else made


def _of_account(account: BoundAccount) -> Destination:
    return Destination(
        account.id, account.kind, account.bank, account.masked, account.holder, account.bound_at,
        account.usable_at, account.usable,
    )  # fmt: skip


def _of_payment(payment: CardPayment) -> Destination:
    # While nobody knows the card's figures, the payment's own reference names it.
    masked = f"**** {payment.last4}" if payment.last4 else spoken(payment.reference)
    return Destination(
        payment.operation_id, BACK_TO_CARD, payment.brand, masked, "", payment.paid_at, payment.paid_at, True, payment
    )  # fmt: skip
