"""Transfers without an order: a customer's own reference, and a number of their own where the bank offers them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from guitai.base.reference import new_reference
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.wallet.kinds.base import can_receive
from guitai.wallet.models import StandingReference
from guitai.wallet.types import StandingTransfer


def details(customer: UUID, currency: str) -> StandingTransfer | None:
    """See `wallet.api.standing_transfer`."""
    account = next((one for one in rails.receiving_accounts() if one.currency == currency), None)
    if account is None:
        return None
    # Looks like an operation's: it is read from a payer's words in the same way, and is never that of one.
    row, _ = StandingReference.objects.get_or_create(
        customer=customer, defaults={"reference": new_reference("operation")}
    )
    return StandingTransfer(
        payee_name=account.name,
        account=account.account,
        bank_name=account.bank_name,
        bic=account.bic,
        reference=row.reference,
        own_account=account.virtual_account(row.number),
        currency=currency,
    )


def owners(names: Iterable[str]) -> dict[str, UUID | None]:
    """Whose some references or virtual accounts are, in the caller's transaction; None: of somebody who may not be
    given anything now."""
    wanted = set(names)
    if not wanted:
        return {}
    numbers = _numbers(wanted)
    rows = StandingReference.objects.filter(Q(reference__in=wanted) | Q(number__in=set(numbers.values())))
    own = {key: row.customer for row in rows for key in (row.reference, row.number)}
    found = {name: own[key] for name in wanted if (key := numbers.get(name, name)) in own}
    standings = people.lock_standing(sorted(set(found.values()))) if found else {}
    return {
        name: customer if can_receive(standings.get(customer)) else None for name, customer in found.items()
    }


def names_of(customer: UUID) -> list[str]:
    """By what statements know a customer: their reference and their virtual accounts."""
    row = StandingReference.objects.filter(customer=customer).first()
    if row is None:
        return []
    own = (account.virtual_account(row.number) for account in rails.receiving_accounts())
    return [row.reference, *(one for one in own if one is not None)]


def is_ours(number: str) -> bool:
    """Whether an account is one that customers pay into: the operator's, or a virtual one that was given out."""
    plain = "".join(number.split()).upper()
    if any(plain == "".join(one.account.split()).upper() for one in rails.receiving_accounts()):
        return True
    return StandingReference.objects.filter(number__in=_numbers([plain]).values()).exists()


def _numbers(names: Iterable[str]) -> dict[str, int]:
    """The numbers behind those that are virtual accounts."""
    accounts = rails.receiving_accounts()
    return {
        name: int(name.removeprefix(account.virtual_prefix))
        for name in names
        for account in accounts
        if account.is_virtual(name)
    }
