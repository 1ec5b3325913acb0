"""The clerk's pages: what stands in the books, what left, and what is to go wrong. Usable without scripts."""

from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.bank import outcomes
from guitai.sandbox.bank.clearing import WORDS
from guitai.sandbox.bank.pages import badge, counter, moment, shown
from guitai.sandbox.html import Child, Element, choice, field, money, page, table, tag
from guitai.sandbox.store import Row
from guitai.sandbox.words import say

_TONES = {"paid": "ok", "written": "ok", "accepted": "wait", "waiting": "wait", "held": "wait"}


def accounts(request: Request, told: Row) -> Response:
    language = request.language
    return page(
        request,
        say("Accounts and statements", language),
        counter(language),
        _day(told["day"], language),
        tag("h2", say("Accounts", language)),
        tag("div", _accounts(told["accounts"], language), data_live="accounts"),
        tag("h2", say("Bookings", language)),
        tag("div", _bookings(told["bookings"], language), data_live="bookings", class_="wide"),
        _fee(language),
        tag("h2", say("Statements", language)),
        tag("div", _statements(told["statements"], language), data_live="statements"),
        tag("h2", say("Files for the wallet", language)),
        tag("div", _files(told["files"], language), data_live="files"),
    )


def payouts(request: Request, told: Row) -> Response:
    language = request.language
    return page(
        request,
        say("Payments out", language),
        counter(language),
        tag("div", _payouts(told["payouts"], language), data_live="payouts", class_="wide"),
        tag("h2", say("What is to go wrong next", language)),
        _faults(told["faults"], language),
        _arrange(language),
        tag("h2", say("Account numbers with a fate", language)),
        tag(
            "p",
            say("The last four figures of the payee's account decide, without any arrangement.", language),
        ),
        _suffixes(language),
        tag("h2", say("Files from the wallet", language)),
        tag("div", _taken(told["files"], language), data_live="taken"),
    )


def _day(day: str, language: str) -> Element:
    return tag(
        "section",
        tag("h2", say("Bank day", language), " ", tag("time", day, datetime=day)),
        tag(
            "p",
            say(
                "Closing makes the day's statements, and everything that waits for tomorrow happens.",
                language,
            ),
        ),
        tag(
            "div",
            _button("/bank/day/closure", say("Close the bank day", language), "primary"),
            _button("/bank/reports", say("Send an intraday report", language), "quiet"),
            class_="counter",
        ),
    )


def _accounts(rows: list[Row], language: str) -> Element:
    return table(
        [say(word, language) for word in ("Account", "Owner", "Balance")],
        (
            (tag("code", row["number"]), row["name"], tag("strong", money(row["balance"], row["currency"])))
            for row in rows
        ),
    )


def _bookings(rows: list[Row], language: str) -> Element:
    if not rows:
        return tag("p", say("Nothing was booked yet.", language), class_="empty")
    words = ("Day", "Amount", "Counterparty", "Words", "Bank reference", "")
    return table(
        [say(word, language) if word else "" for word in words], (_booking(row, language) for row in rows)
    )


def _booking(row: Row, language: str) -> tuple[Child, ...]:
    marks: list[Child] = []
    if row["reversal"]:
        marks.append(badge(say("Reversal", language), "danger"))
    if row["return_reason"]:
        marks.append(badge(f"{say('Returned', language)} {row['return_reason']}", "danger"))
    if row["count"]:
        marks.append(badge(f"× {row['count']}", "wait"))
    back = (
        None
        if row["reversal"]
        else _button(f"/bank/bookings/{row['reference']}/reversal", say("Reverse", language), "small")
    )
    words = [shown(row["remittance"] or row["end_to_end"] or "")]
    return (
        row["day"],
        [tag("strong", money(row["amount"], row["currency"])), " ", marks],
        [row["counterparty"] or "", " ", tag("small", row["counterparty_account"] or "")],
        words,
        tag("code", row["reference"]),
        back,
    )


def _fee(language: str) -> Element:
    return tag(
        "form",
        field(say("Bank fee", language), "amount", "10.00", inputmode="decimal", required=True),
        tag("button", say("Take the fee", language), class_="quiet"),
        method="post",
        action="/bank/fees",
        class_="stack",
    )


def _statements(rows: list[Row], language: str) -> Element:
    if not rows:
        return tag("p", say("No day was closed yet.", language), class_="empty")
    words = ("Day", "Account", "Lines", "Opening", "Closing", "Formats")
    return table(
        [say(word, language) for word in words],
        (
            (
                row["day"],
                tag("code", f"{row['account']} {row['currency']}"),
                str(row["lines"]),
                money(row["opening"], row["currency"]),
                money(row["closing"], row["currency"]),
                [_formats(row)],
            )
            for row in rows
        ),
    )


def _formats(row: Row) -> list[Child]:
    base = f"/bank/statements/{row['account']}/{row['currency']}/{row['day']}"
    names = (("xml", "camt.053"), ("sta", "MT940"), ("csv", "CSV"))
    links = [tag("a", name, href=f"{base}.{suffix}") for suffix, name in names]
    return [child for link in links for child in (link, " ")]


def _files(rows: list[Row], language: str) -> Element:
    if not rows:
        return tag("p", say("No files yet.", language), class_="empty")
    return table(
        [say(word, language) for word in ("File", "State", "Created", "Send again")],
        (
            (
                tag("a", row["name"], href=f"/bank/files/{row['name']}"),
                _state(row["state"], language),
                moment(row["made_at"]),
                _button(f"/bank/files/{row['name']}/again", say("Send again", language), "small"),
            )
            for row in rows
        ),
    )


def _payouts(rows: list[Row], language: str) -> Element:
    if not rows:
        nothing = say("No payments out yet. Withdraw in the wallet, and it appears here.", language)
        return tag("p", nothing, class_="empty")
    words = ("Reference", "State", "Amount", "Payee", "Account", "The clerk's counter")
    return table([say(word, language) for word in words], (_payout(row, language) for row in rows))


def _payout(row: Row, language: str) -> tuple[Child, ...]:
    name = row["end_to_end"]
    again = _button(f"/bank/payouts/{name}/status", say("Tell again", language), "small")
    back = (
        _button(f"/bank/payouts/{name}/return", say("Send it back", language), "small")
        if row["state"] == "paid"
        else None
    )
    return (
        tag("code", shown(name)),
        [_state(row["state"], language), tag("small", f" {row['code']}" if row["code"] else "")],
        tag("strong", money(row["amount"], row["currency"])),
        row["payee_name"],
        tag("code", row["payee_account"]),
        tag("span", again, " ", back, class_="counter"),
    )


def _faults(rows: list[Row], language: str) -> Element:
    if not rows:
        return tag("p", say("Nothing is arranged: the bank does what it is asked.", language), class_="empty")
    words = ("Fault", "Account", "Reference", "times", "")
    return table(
        [say(word, language) if word else "" for word in words],
        (
            (
                [
                    say(_FAULTS.get(str(row["kind"]), str(row["kind"])), language),
                    " ",
                    tag("small", row["facts"]["code"]),
                ],
                row["account"] or say("any", language),
                row["end_to_end"] or say("any", language),
                str(row["times"]),
                _button(f"/bank/faults/{row['id']}/removal", say("Remove", language), "small"),
            )
            for row in rows
        ),
    )


def _arrange(language: str) -> Element:
    kinds = [(kind, say(_FAULTS[kind], language)) for kind in outcomes.KINDS]
    codes = [(code, f"{code} {say(words, language)}") for code, words in WORDS.items()]
    return tag(
        "form",
        choice(say("Fault", language), "kind", kinds, "reject"),
        choice(say("Reason", language), "code", codes, "AC01"),
        field(say("Payee's account (any when empty)", language), "account", maxlength=40),
        field(say("Bank days until it comes back", language), "days", "1", inputmode="numeric"),
        tag("button", say("Arrange it", language), class_="quiet"),
        method="post",
        action="/bank/faults",
        class_="stack",
    )


def _suffixes(language: str) -> Element:
    return table(
        [say(word, language) for word in ("Ends in", "Fault", "Reason")],
        (
            (
                tag("code", f"…{end}"),
                say(_FAULTS[fate.kind], language),
                f"{fate.code} {say(WORDS[fate.code], language)}" if fate.code else "",
            )
            for end, fate in outcomes.SUFFIXES.items()
        ),
    )


def _taken(rows: list[Row], language: str) -> Element:
    if not rows:
        return tag("p", say("No files yet.", language), class_="empty")
    return table(
        [say(word, language) for word in ("File", "State", "Payments", "Sum", "Created")],
        (
            (
                tag("code", row["message_id"]),
                [_state(row["state"], language), tag("small", f" {row['problem']}")],
                str(row["payments"]),
                row["control"],
                moment(row["taken_at"]),
            )
            for row in rows
        ),
    )


def _state(state: str, language: str) -> Element:
    return badge(say(_STATES[state], language), _TONES.get(state, "danger" if state != "taken" else "ok"))


def _button(action: str, text: str, kind: str) -> Element:
    return tag("form", tag("button", text, class_=kind), method="post", action=action)


_STATES = {
    "accepted": "Under way",
    "paid": "Paid",
    "rejected": "Rejected",
    "returned": "Returned",
    "swallowed": "Swallowed",
    "waiting": "Waiting",
    "held": "Kept back",
    "lost": "Lost",
    "written": "Delivered",
    "taken": "Taken",
    "refused": "Refused",
}
_FAULTS = {
    "reject": "The payment is rejected at once",
    "reject_late": "The payment is taken and rejected afterwards",
    "return": "The payment comes back days later",
    "silent": "Paid, and only the statement says so",
    "swallow": "Nothing happens, and nobody says anything",
    "wait": "Under way until the bank day is closed",
    "wrong_amount": "Another amount leaves",
    "charge": "A charge is taken with the payment",
    "statement_lost": "The day's statement is lost",
    "statement_late": "The day's statement comes a minute late",
    "statement_twice": "The day's statement comes twice",
    "statement_reordered": "The day's statement comes after the next one",
    "notice_lost": "A booking notice is lost",
    "notice_late": "A booking notice comes a minute late",
    "notice_twice": "A booking notice comes twice",
    "notice_reordered": "A booking notice comes after the next one",
    "status_lost": "A status file is lost",
    "status_late": "A status file comes a minute late",
    "status_twice": "A status file comes twice",
    "status_reordered": "A status file comes after the next one",
    "missing_line": "The statement lacks a line",
    "wrong_line": "The statement has a wrong amount",
    "forgotten_line": "A line is told a day late",
    "batch_booking": "A whole file is booked as one sum",
}
