"""What each policy of the operator is called and means, and where it can be changed at the desk."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Titles are short, and mean something else elsewhere.
POLICIES: dict[str, tuple[Promise, Promise]] = {
    "agreement": (pgettext_lazy("policy", "Agreement"), _("What a customer accepts, and its version.")),
    "bindings": (
        pgettext_lazy("policy", "Bank accounts"),
        _("Who may bind an account, how many, and how long a new one waits."),
    ),
    "breaker": (
        pgettext_lazy("policy", "Circuit breaker"),
        _("When a way in or out that does not answer is left alone, and for how long."),
    ),
    "calendars": (pgettext_lazy("policy", "Calendars"), _("Hours, holidays and worked Saturdays, by name.")),
    "care.callbacks": (
        pgettext_lazy("policy", "Call-backs"),
        _("Slots, how many calls at once, and how often somebody is tried."),
    ),
    "care.clocks": (
        pgettext_lazy("policy", "Clocks"),
        _("By when each kind of case is answered and solved, and by which rule."),
    ),
    "care.directory": (
        pgettext_lazy("policy", "Directory"),
        _("Our further channels, and how long a signed copy counts."),
    ),
    "care.follow_through": (
        pgettext_lazy("policy", "Follow-through"),
        _("When a customer who was asked is reminded, and when the case ends."),
    ),
    "care.promises": (
        pgettext_lazy("policy", "Promised answers"),
        _("Within how many open minutes a person answers, by urgency."),
    ),
    "chargebacks": (
        pgettext_lazy("policy", "Disputes at the payer’s bank"),
        _("What is held of a disputed top-up, how long, and whether a case opens."),
    ),
    "demonstration": (
        pgettext_lazy("policy", "Demonstration"),
        _("Whether the cast has been through everything."),
    ),
    "disputed_payments": (
        pgettext_lazy("policy", "Disputed payments"),
        _("How fresh a payment must be to be held, and how long a decision may take."),
    ),
    "fees": (pgettext_lazy("policy", "Price list"), _("What transfers, withdrawals and top-ups cost.")),
    "identity": (pgettext_lazy("policy", "Identity"), _("Ages, tiers and waiting times of identity checks.")),
    "late_top_ups": (
        pgettext_lazy("policy", "Late top-ups"),
        _("What becomes of money that comes after its top-up has ended."),
    ),
    "limits": (
        pgettext_lazy("policy", "Limits"),
        _("How much at once, a day and a month, by identity tier."),
    ),
    "new_pin": (
        pgettext_lazy("policy", "After a forgotten PIN"),
        _("How much may leave, and for how long, while a replaced PIN is new."),
    ),
    "operator": (
        pgettext_lazy("policy", "Operator"),
        _("Who runs this wallet: names, regions, hotlines, currencies."),
    ),
    "payouts": (
        pgettext_lazy("policy", "Payouts"),
        _("From which accounts and in which files payouts leave, and when."),
    ),
    "personal_data": (
        pgettext_lazy("policy", "Personal data"),
        _("What is kept of somebody who has left, for how long and by which law."),
    ),
    "reconciliation": (
        pgettext_lazy("policy", "Reconciliation"),
        _("What a bank’s words mean, and how long things may be on their way."),
    ),
    "reserve": (
        pgettext_lazy("policy", "Reserve"),
        _("Which share lies apart, and whose signatures release it."),
    ),
    "service_actions": (
        pgettext_lazy("policy", "Service actions"),
        _("What one person may give alone; above that a second one decides."),
    ),
    "sign_in": (
        pgettext_lazy("policy", "Sign-in"),
        _("When a second step is asked for, and of what people are reminded."),
    ),
    "small_amounts": (
        pgettext_lazy("policy", "Small amounts"),
        _("How an account is confirmed by two small amounts, and how often it is tried."),
    ),
    "standing": (
        pgettext_lazy("policy", "Locks and freezes"),
        _("After how many failures a wallet is locked, for how long, and who is on call."),
    ),
    "statements": (
        pgettext_lazy("policy", "Statements"),
        _("How statement files are taken in, and which accounts customers pay into."),
    ),
    "top_up_rails": (
        pgettext_lazy("policy", "Ways in"),
        _("Which ways in are offered, and from which identity tier on."),
    ),
    "velocity": (
        pgettext_lazy("policy", "Risk rules"),
        _("From which amounts and counts a payment is looked at first."),
    ),
    "waiting": (pgettext_lazy("policy", "Waiting times"), _("How long things may stay open.")),
    "withdrawals": (
        pgettext_lazy("policy", "Withdrawals"),
        _("Who may withdraw, what is promised, and how soon a bank is asked to call one back."),
    ),
}
# What has a door of its own, by those who may and with who has to agree: the page, and what can be changed there.
DOORS: dict[str, tuple[str, Promise]] = {
    "standing": ("people:on_call", _("Who is on call")),
    "reserve": ("wallet:reserve", _("Keys and releases, by signatures")),
}
