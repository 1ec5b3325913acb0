"""What WeChat Pay takes when it takes a transfer on, and books back: each day agrees with its bill, whichever it is."""

import gzip
import io
from datetime import date, timedelta
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.rails import api as rails
from guitai.rails.adapters import RAILS
from guitai.rails.adapters.reading import BEIJING
from guitai.rails.flows import pay_out
from guitai.rails.flows.receive_statement import receive_statement
from guitai.rails.models import PayoutRow
from guitai.wallet import api as wallet
from guitai.wallet.models import LineMatch, OpenItem
from guitai.wallet.reconciliation.flows.match_lines import retry_items
from guitai.wallet.reconciliation.flows.overdue_lines import give_up_waiting
from guitai.wallet.reconciliation.types import CloseView
from guitai.wallet.till.types import Outcome
from tests.rails.gateways import Gateway
from tests.wallet.conftest import available, settle_topics
from tests.wallet.test_withdraw_wechat import PAGE, RAIL, bind, gateway, owner, row_of  # noqa: F401
from tests.wallet.ways_out import OUT, PAID_IN, look, turn, withdraw
from tests.wallet.withdrawing import fees

pytestmark = pytest.mark.django_db
FEE = 100
NEXT = timedelta(days=1)


def today() -> date:
    return now().astimezone(BEIJING).date()


def bills(day: date) -> tuple[bytes, bytes]:
    """The day's lines in two bills: up to what was taken for the transfer, and what came after it a day later."""
    text = gzip.decompress(RAILS[RAIL].download_statement(day)).decode("utf-8-sig").split("\r\n")
    heading, lines, sums = text[0], text[1:-3], text[-3]
    taken = 1 + next(n for n, line in enumerate(lines) if "`商家转账,`商家转账,`支出" in line)
    later = [line.replace(f"`{day}", f"`{day + NEXT}", 1) for line in lines[taken:]]
    return _bill(heading, lines[:taken], sums), _bill(heading, later, sums)


def _bill(heading: str, lines: list[str], sums: str) -> bytes:
    fields = [line[1:].split(",`") for line in lines]
    own: list[str] = [str(len(lines))]
    for way in ("收入", "支出"):
        minor = [int(one[6].replace(".", "")) for one in fields if one[5] == way]
        own += [str(len(minor)), Money(sum(minor), "CNY").decimal()]
    return "\r\n".join([heading, *lines, sums, ",".join(f"`{one}" for one in own), ""]).encode()


def take(content: bytes) -> None:
    file_id, _ = receive_statement(io.BytesIO(content), "a.bill", "download", SYSTEM, RAIL)
    assert rails.import_statement(file_id).state == "imported"
    settle_topics()
    wallet.match_statement(file_id)
    settle_topics()


def close(day: date) -> CloseView:
    # Beijing's day, of which the bill is, and the operator's need not end at once.
    with stopped(now() + 2 * NEXT):
        [found] = [one for one in wallet.close_of_day(day) if one.rail == RAIL]
    return found


def agree(*days: date) -> None:
    for day in days:
        with stopped(now() + NEXT):
            found = close(day)
        assert (found.has_statement, found.unexplained.minor, found.agrees) == (True, 0, True), found.items


def call_back(row: PayoutRow, monkeypatch: pytest.MonkeyPatch) -> None:
    # The gateway keeps its own time and takes no signature of another: only when it is called back is ours.
    later = now() + timedelta(hours=13)
    monkeypatch.setattr(pay_out, "now", lambda: later)
    PayoutRow.objects.filter(id=row.id).update(next_query_at=now())
    turn(RAIL)


def undone(outcome: Outcome) -> None:
    """Both lines are matched with each other, and the customer has everything again, the fee included."""
    rules = LineMatch.objects.filter(facts__names=outcome.reference).values_list("rule", flat=True)
    assert list(rules) == ["out_and_back"] * 2
    assert not OpenItem.objects.filter(names=outcome.reference, state="open").exists()
    assert retry_items() == 0 and wallet.verify() == []


@pytest.fixture
def sent(owner: UUID) -> Outcome:  # noqa: F811
    """A withdrawal with a fee that its owner has not confirmed yet."""
    fees(fixed_minor=FEE)
    outcome = withdraw(owner, bind(owner))
    turn(RAIL)
    assert row_of(outcome).confirm_until is not None
    return outcome


def waits(sent: Outcome, owner: UUID, day: date) -> None:  # noqa: F811
    """The first day's bill is here while its owner may still confirm: it proves nothing, and nobody need look."""
    take(bills(day)[0])
    found = look(owner, sent)
    assert (found.view.state, found.withdrawal.confirm_by) == ("processing", row_of(sent).confirm_until)
    [item] = OpenItem.objects.filter(names=sent.reference)
    assert (item.code, item.state) == ("payout_open", "open")
    drafted = close(day)
    kinds = [one.kind for one in drafted.items if one.reference == sent.reference]
    assert (drafted.agrees, kinds) == (True, ["payout_open"])


@pytest.mark.parametrize("order", ["one bill", "as they come", "the other way round", "told by the bill"])
def test_what_is_called_back_leaves_no_day_open(
    gateway: Gateway,  # noqa: F811
    sent: Outcome,
    owner: UUID,  # noqa: F811
    order: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = today()
    if order in ("as they come", "told by the bill"):
        waits(sent, owner, day)
    if order == "told by the bill":
        # Nobody could ask WeChat by then, and it let the time run out: its next bill is the first word of that.
        gateway.sandbox.post(
            f"/wechat/transfers/{sent.reference}", {"code": "OVERDUE_CLOSE"}
        ).raise_for_status()
    else:
        call_back(row_of(sent), monkeypatch)
    first, second = bills(day)
    come = {"one bill": [RAILS[RAIL].download_statement(day)], "the other way round": [second, first]}
    for content in come.get(order, [second]):
        take(content)
    retry_items()
    found = look(owner, sent)
    assert (found.view.state, found.view.code) == ("failed", "payout_not_confirmed")
    assert available(owner) == PAID_IN
    undone(sent)
    agree(day, *([] if order == "one bill" else [day + NEXT]))


def test_what_is_confirmed_the_next_day_leaves_no_day_open(
    gateway: Gateway,  # noqa: F811
    sent: Outcome,
    owner: UUID,  # noqa: F811
) -> None:
    day = today()
    waits(sent, owner, day)
    gateway.sandbox.post(f"/wechat/confirm/{row_of(sent).confirm_package}").raise_for_status()
    assert wallet.withdrawal_confirmation(owner, sent.reference, PAGE) is None
    settle_topics()
    assert retry_items() == 1
    assert (look(owner, sent).view.state, available(owner)) == ("succeeded", PAID_IN - OUT - FEE)
    assert LineMatch.objects.get(facts__names=sent.reference).rule == "end_to_end"
    agree(day)
    assert wallet.verify() == []


def test_what_is_refused_at_once_leaves_its_day_closed(gateway: Gateway, owner: UUID) -> None:  # noqa: F811
    fees(fixed_minor=FEE)
    account = bind(owner)
    gateway.arrange(transfer="end:NAME_NOT_CORRECT")
    outcome = withdraw(owner, account)
    turn(RAIL)
    take(RAILS[RAIL].download_statement(today()))
    assert (look(owner, outcome).view.state, available(owner)) == ("failed", PAID_IN)
    undone(outcome)
    agree(today())


def test_what_was_taken_and_never_comes_back_is_for_a_person(
    sent: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_back(row_of(sent), monkeypatch)
    take(bills(today())[0])
    item = OpenItem.objects.get(names=sent.reference)
    for hours, code in ((47, "payout_open"), (49, "movement_overdue")):
        with stopped(item.came_at + timedelta(hours=hours)):
            give_up_waiting()
            retry_items()
        item.refresh_from_db()
        assert (item.code, item.state) == (code, "open")
    assert close(today()).unexplained == Money(OUT, "CNY")
    # A bill that comes later still undoes it.
    take(bills(today())[1])
    undone(sent)
    agree(today(), today() + NEXT)
