"""Standing: who may freeze and release, what a second freeze does, and what remains to be done."""

from guitai.base.actor import Actor
from guitai.people.errors import ReleaseNeedsStaff
from guitai.people.types import Disclosure, FreezeOrder, Reason, Scope, Standing, State, Step

# A weaker reason never replaces a stronger one.
_WEIGHT: dict[Reason, int] = {"": 0, "by_customer": 1, "by_staff": 2, "by_risk": 3, "by_law": 4}
_DISCLOSURE: dict[Reason, Disclosure] = {
    "by_customer": "open",
    "by_staff": "open",
    "by_risk": "limited",
    "by_law": "limited",
}


def disclosure_of(reason: Reason) -> Disclosure:
    """What the customer may be told unless the order says less."""
    return _DISCLOSURE.get(reason, "open")


def frozen(before: Standing, order: FreezeOrder) -> tuple[State, frozenset[Scope], Reason, Disclosure]:
    """State, scope, reason and disclosure after a freeze: it adds to what is stopped and never loosens."""
    scope = before.scope | order.scope
    if _WEIGHT[before.reason] > _WEIGHT[order.reason]:
        return before.state, scope, before.reason, before.disclosure
    return "frozen", scope, order.reason, order.disclosure


def check_release(standing: Standing, actor: Actor) -> None:
    """Refuse release_needs_staff unless this actor may lift this standing."""
    if actor.kind in ("staff", "system"):
        return
    if standing.reason != "by_customer" or actor.id != str(standing.person):
        raise ReleaseNeedsStaff()


def release_path(state: State, reason: Reason, disclosure: Disclosure, has_pin: bool) -> tuple[Step, ...]:
    """What remains to be done, whose turn it is: a freeze of one's own needs every proof one has."""
    if state == "active" or disclosure == "silent":
        return ()
    if reason == "by_customer":
        steps = [Step("password", "customer"), Step("sms_code", "customer")]
        return (*steps, Step("pin", "customer")) if has_pin else tuple(steps)
    return (Step("staff_review", "staff"),)
