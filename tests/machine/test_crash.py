"""`kill -9` in the middle of the work: everything comes back by itself, nothing that was acknowledged is missing,
nothing is there twice, and the books still prove themselves."""

import concurrent.futures
import time

import pytest

from tests.journeys.client import Customer, until
from tests.machine.load import Load, kill, kill_database, replaced, verified

pytestmark = pytest.mark.live
START_MINOR = 400_00
COMES_BACK_S = 60
UNHURRIED = """
import msgspec
from guitai.base.actor import SYSTEM
from guitai.kit import policies
from guitai.risk.policy import DEFAULT
policies.publish("velocity", msgspec.structs.replace(DEFAULT, count_an_hour=1_000_000), SYSTEM)
"""


@pytest.fixture(scope="module")
def crowd(broken):
    """Three who pay, one who is paid; enough to keep every process busy, and no rule that would hold them up."""
    done = broken.run("shell", "-c", UNHURRIED)
    assert done.returncode == 0, done.stderr
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        payee = pool.submit(Customer(broken, "Payee Crash").signed_up)
        payers = [pool.submit(Customer(broken, f"Payer {letter}").rich, START_MINOR) for letter in "abc"]
        return [payer.result() for payer in payers], payee.result()


def comes_back(live):
    until(lambda: live.status("/readyz") == 200, COMES_BACK_S)


def orders_being_paid(payers):
    """Top-ups whose notices are on their way at this very moment."""
    orders = [(payer, payer.order(11_00 + number)) for payer in payers for number in range(3)]
    for payer, order in orders:
        payer.pay(order, copies=2)
    return orders


def all_arrived(orders):
    for payer, order in orders:
        payer.wait_for(order["reference"], "succeeded", COMES_BACK_S)
        assert len(payer.operation(order["reference"])["legs"]) == 1, "credited twice"


def books_of(payee, before, load, orders):
    """What each must have, from what they were told alone."""
    for told in load.told:
        customer = told.customer
        paid = sum(minor for _phone, minor in told.asked.values())
        topped = sum(order["amount"]["amount"] for payer, order in orders if payer is customer)
        assert customer.available == before[customer.phone]["available"] + topped - paid
        outgoing = {o["reference"] for o in all_operations(customer) if o["kind"] == "transfer"}
        acknowledged = [answer["reference"] for answer in told.acknowledged.values()]
        assert outgoing - before[customer.phone]["outgoing"] == set(acknowledged)
        assert len(acknowledged) == len(set(acknowledged)) == len(told.asked)
        before[payee.phone]["available"] += paid
    assert payee.available == before[payee.phone]["available"]


def noted(customers):
    """How everybody stands before anything happens."""
    return {
        customer.phone: {
            "available": customer.available,
            "outgoing": {o["reference"] for o in all_operations(customer) if o["kind"] == "transfer"},
        }
        for customer in customers
    }


def all_operations(customer):
    found, cursor = [], None
    while True:
        page = customer.ok("GET", "/operations?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        found += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


@pytest.mark.parametrize("victim", ["worker", "database", "web", "sandbox"])
def test_killed_in_the_middle_of_load(broken, crowd, victim):
    payers, payee = crowd
    before = noted([*payers, payee])
    with Load(payers, payee) as load:
        until(lambda: load.count >= 5)
        orders = orders_being_paid(payers)
        if victim == "database":
            dead = kill_database(broken)
            until(lambda: database_is_another(broken, dead), COMES_BACK_S)
        else:
            dead = kill(broken, victim)
            until(lambda: replaced(broken, victim, dead), COMES_BACK_S)
        comes_back(broken)
        reached = load.count
        until(lambda: load.count > reached + 3, COMES_BACK_S)
    all_arrived(orders)
    load.ask_again()
    books_of(payee, before, load, orders)
    verified(broken)


def database_is_another(live, pid):
    note = live.home / "postgres" / "data" / "postmaster.pid"
    words = note.read_text().split() if note.exists() else []
    return bool(words) and words[0] != str(pid)


def test_the_worker_killed_again_and_again_loses_no_top_up(broken):
    customer = Customer(broken, "Payer Often").signed_up()
    orders = [(customer, customer.order(1_00 + number)) for number in range(8)]
    for number, (payer, order) in enumerate(orders):
        payer.pay(order)
        if number % 3 == 0:
            dead = kill(broken, "worker")
            until(lambda dead=dead: replaced(broken, "worker", dead), COMES_BACK_S)
        time.sleep(0.05)
    all_arrived(orders)
    assert customer.available == sum(order["amount"]["amount"] for _payer, order in orders)
    titles = [item["body"] for item in customer.ok("GET", "/messages?limit=50")["items"]]
    assert len(titles) == len(set(titles)), "somebody was told twice"
    verified(broken)
