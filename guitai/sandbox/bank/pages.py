"""The bank's pages: plain, and usable without scripts."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from guitai.base.money import EXPONENTS, Money
from guitai.base.reference import parse_reference, spoken
from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.bank.orders import BANK_NAME, PAYEE_ACCOUNT, PAYEE_NAME
from guitai.sandbox.bank.payments import Payment, plain_payment
from guitai.sandbox.html import Child, Element, choice, field, money, page, table, tag, tick
from guitai.sandbox.store import Row
from guitai.sandbox.words import say

_DELAYS = (("0", "Now"), ("10", "In 10 seconds"), ("60", "In 1 minute"), ("600", "In 10 minutes"))
_STATES = {"pending": "Waiting", "delivered": "Delivered", "lost": "Lost", "given_up": "Given up"}


def overview(request: Request, orders: list[Row], notice_first: bool) -> Response:
    language = request.language
    rows = [
        (
            tag("a", shown(order["reference"]), href=f"/bank/pay/{order['reference']}"),
            badge(
                say("Paid" if order["payments"] else "Unpaid", language),
                "ok" if order["payments"] else "wait",
            ),
            money(order["amount"], order["currency"]),
            moment(order["created_at"]),
        )
        for order in orders
    ]
    headings = [say(word, language) for word in ("Reference", "State", "Amount", "Created")]
    nothing = say("No orders yet. Start a top-up in the wallet, and it appears here.", language)
    state = (
        "The next order is paid and announced before the bank answers it."
        if notice_first
        else "The bank will answer as usual."
    )
    arrangement = tag(
        "form",
        tag("p", say(state, language)),
        tag("input", type="hidden", name="notice_first", value="" if notice_first else "1"),
        tag(
            "button",
            say("Answer as usual", language)
            if notice_first
            else say("Tell the wallet of a payment before answering its next order", language),
            class_="quiet",
        ),
        method="post",
        action="/bank/next-order",
    )
    return page(
        request,
        say("The bank", language),
        tag("h2", say("Orders", language)),
        tag("div", table(headings, rows) if rows else tag("p", nothing, class_="empty"), data_live="orders"),
        tag("h2", say("The clerk's counter", language)),
        counter(language),
        tag("h2", say("The clerk's errors", language)),
        arrangement,
    )


def counter(language: str) -> Element:
    """Where a clerk may go."""
    doors = (
        ("/bank/", "Orders"),
        ("/bank/payments/", "Pay without an order"),
        ("/bank/accounts/", "Accounts and statements"),
        ("/bank/payouts/", "Payments out"),
    )
    links = [tag("a", say(text, language), href=address, class_="button quiet") for address, text in doors]
    return tag("p", [child for link in links for child in (link, " ")], class_="counter")


def order(request: Request, found: Row, payments: list[Row]) -> Response:
    language = request.language
    facts = [
        ("To pay", tag("strong", money(found["amount"], found["currency"]))),
        ("Payee", PAYEE_NAME),
        ("Account", PAYEE_ACCOUNT),
        ("Bank", BANK_NAME),
        ("Payment reference", tag("code", shown(found["payment_reference"]))),
        ("Expires", moment(found["expires_at"])),
    ]
    return page(
        request,
        say("Payment order", language),
        tag(
            "dl",
            [tag("div", tag("dt", say(name, language)), tag("dd", value)) for name, value in facts],
            class_="facts",
        ),
        _pay_button(found, bool(payments), language),
        _notices(payments, language, say("No notices yet: nobody has paid.", language)),
        tag(
            "details",
            tag("summary", say("The clerk's errors", language)),
            tag("p", say("Whatever goes wrong at a bank, ordered on purpose.", language)),
            _payment_form(plain_payment(found), f"/bank/pay/{found['reference']}", language),
        ),
    )


def _pay_button(found: Row, paid: bool, language: str) -> Element:
    """Paying is one press; a second payment has to look like one."""
    amount = money(found["amount"], found["currency"])
    text = say("Pay {amount} once more" if paid else "Pay {amount}", language, amount=amount)
    wallet = urlsplit(found["notify_url"])
    back = tag("a", say("Back to the wallet", language), href=f"{wallet.scheme}://{wallet.netloc}/bills/")
    return tag(
        "form",
        tag(
            "p",
            badge(say("Paid", language), "ok"),
            " ",
            say("The wallet is told at once.", language),
            " ",
            back,
        )
        if paid
        else None,
        tag("button", text, class_="quiet" if paid else "primary", name="press", value="pay"),
        method="post",
        action=f"/bank/pay/{found['reference']}",
    )


def loose_payments(request: Request, payments: list[Row], notify_url: str) -> Response:
    language = request.language
    address = field(say("Notice address", language), "notify_url", notify_url, type="url", required=True)
    return page(
        request,
        say("Payments without an order", language),
        tag("p", say("Unknown reference or no order yet", language)),
        _payment_form(Payment(Money(10_000, "CNY"), ""), "/bank/payments/", language, address),
        _notices(payments, language, say("No payments without an order yet.", language)),
    )


def shown(reference: str) -> str:
    """The wallet's references in groups, anything else as it is."""
    own = parse_reference(reference)
    return spoken(own) if own else reference


def _payment_form(usual: Payment, action: str, language: str, *extra: Element) -> Element:
    currencies = [(code, code) for code in EXPONENTS]
    delays = [(value, say(text, language)) for value, text in _DELAYS]
    return tag(
        "form",
        field(
            say("Amount", language),
            "amount",
            usual.amount.decimal(),
            inputmode="decimal",
            required=True,
            hint=say("Another currency or amount makes a wrong payment.", language),
        ),
        choice(say("Currency", language), "currency", currencies, usual.amount.currency),
        field(
            say("Payment reference", language),
            "payment_reference",
            shown(usual.payment_reference),
            maxlength=140,
            hint=say("Leave it empty or change it to pay without a usable reference.", language),
        ),
        field(say("Payer", language), "payer_name", usual.payer_name, maxlength=140),
        field(say("Payer's account", language), "payer_account", usual.payer_account, maxlength=64),
        field(say("Payee's account", language), "payee_account", usual.payee_account, maxlength=64),
        choice(say("Send the notice", language), "delay_s", delays, "0"),
        extra,
        tag(
            "fieldset",
            tag("legend", say("The clerk's errors", language)),
            tick(say("Send the notice twice", language), "twice"),
            tick(say("Sign it badly", language), "bad_signature"),
            tick(say("Lose the notice", language), "lost"),
        ),
        tag("button", say("Send it", language), class_="quiet", name="press", value="faults"),
        method="post",
        action=action,
        class_="stack",
    )


def _notices(payments: list[Row], language: str, nothing: str) -> Element:
    shown_notices = [
        _notice(payment, delivery, language) for payment in payments for delivery in payment["deliveries"]
    ]
    return tag(
        "section",
        tag("h2", say("Notices to the wallet", language)),
        tag("ul", shown_notices, class_="notices") if shown_notices else tag("p", nothing, class_="empty"),
        data_live="notices",
    )


def _notice(payment: Row, delivery: Row, language: str) -> Element:
    reference = shown(payment["payment_reference"]) or say("without reference", language)
    return tag(
        "li",
        tag("p", tag("strong", money(payment["amount"], payment["currency"])), " ", tag("code", reference)),
        tag(
            "p", f"{say('Payer', language)}: {payment['payer_name']} ", tag("small", payment["payer_account"])
        ),
        tag("p", _delivery_state(delivery, language), " ", _delivery_result(delivery, language)),
        _again(delivery, language),
    )


def _delivery_state(delivery: Row, language: str) -> list[Element]:
    tone = {"delivered": "ok", "pending": "wait"}.get(delivery["state"], "danger")
    badges = [badge(say(_STATES[delivery["state"]], language), tone)]
    if delivery["signature"] != "good":
        badges.append(badge(say("Bad signature", language), "danger"))
    return badges


def _delivery_result(delivery: Row, language: str) -> Element:
    parts: list[Child] = [delivery["result"]]
    if delivery["attempts"]:
        parts.append(f" · {delivery['attempts']} {say('times', language)} ")
    if delivery["state"] == "pending":
        parts += [f" {say('Next try', language)} ", moment(int(delivery["due_at"]))]
    elif delivery["delivered_at"]:
        parts.append(moment(delivery["delivered_at"]))
    return tag("span", parts)


def _again(delivery: Row, language: str) -> Element:
    return tag(
        "form",
        tag("button", say("Send again", language), class_="small"),
        method="post",
        action=f"/bank/notices/{delivery['id']}/again",
    )


def badge(text: str, tone: str) -> Element:
    return tag("span", text, class_=f"badge {tone}")


def moment(epoch: int) -> Element:
    moment = datetime.fromtimestamp(epoch, UTC)
    return tag("time", f"{moment:%Y-%m-%d %H:%M:%S} UTC", datetime=moment.isoformat())
