"""Move money into the reserve. That way it is only safer, so no signatures are asked for."""

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.wallet.reserve import intents
from guitai.wallet.reserve.errors import ReserveAmountNotThere
from guitai.wallet.reserve.flows.authority import signers_in_force
from guitai.wallet.till import pipeline


def fill_reserve(amount: Money, key: str, actor: Actor) -> str:
    """Gives the operation's reference; the same key again is the same movement."""
    with outermost():
        # What nobody could release again is not moved in.
        signers_in_force()
        (outcome,) = pipeline.run([intents.fill(amount, key, actor)])
        if isinstance(outcome, Refusal):
            raise outcome
        if outcome.outcome != "approved":
            raise ReserveAmountNotThere(amount=amount.fact())
    return outcome.reference
