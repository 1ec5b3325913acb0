"""The next step that the diagnosis suggests; a person decides."""

from guitai.people.types import Standing
from guitai.wallet.types import OperationView

_ASKABLE = frozenset({"awaiting_payment", "processing", "unknown"})


def suggested(category: str, view: OperationView | None, standing: Standing, possible: frozenset[str]) -> str:
    """The name of one service action, or nothing.

    takes    what the case is about, its operation, the account's standing, the actions that are possible now
    gives    the first that fits; never one that is not possible
    """
    wishes: list[str] = []
    if category in ("stolen_account", "not_me") and standing.state != "frozen":
        wishes.append("freeze")
    if view is not None and view.kind == "top_up":
        wishes.append("parked")
        if view.state in _ASKABLE:
            wishes.append("requery")
    if category == "sign_in":
        wishes += ["unlock", "reset_pin"]
    if category == "fees" and view is not None and view.fee:
        wishes.append("fee_waiver")
    if category == "held" and standing.state == "frozen":
        wishes.append("unfreeze")
    return next((name for name in wishes if name in possible), "")
