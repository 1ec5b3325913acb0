"""Before a withdrawal: which accounts it may go to, and what to do where there is none yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guitai.kit import policies
from guitai.people.api import identity
from guitai.wallet.rules.withdrawals import Withdrawals
from guitai.wallet.web.views.common import owner_of
from guitai.wallet.web.withdrawal_words import account_icon, choice_detail, choice_title
from guitai.wallet.withdrawal_types import Destination


@dataclass(frozen=True, slots=True)
class Offered:
    """One account to choose from."""

    account: Destination
    title: str
    detail: str
    icon: str
    chosen: bool


def offered(accounts: Sequence[Destination], chosen: UUID | None) -> list[Offered]:
    """Where a person's money may go; the one they chose before, or the only one that can be used, is chosen already."""
    usable = [one.id for one in accounts if one.usable]
    first = chosen if chosen in usable else usable[0] if len(usable) == 1 else None
    return [
        Offered(one, choice_title(one), choice_detail(one), account_icon(one), one.id == first)
        for one in accounts
    ]


def empty(request: HttpRequest) -> HttpResponse:
    """Nobody can withdraw without an account: what it takes, step by step."""
    needed = policies.current(Withdrawals).value.tier
    facts = {"may_bind": identity(owner_of(request)).tier >= needed, "tier": needed}
    return render(request, "wallet/withdraw_empty.html", facts)
