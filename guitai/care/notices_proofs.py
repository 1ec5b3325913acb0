"""What care tells a customer about proofs of identity and service actions."""

from django.utils.translation import gettext_lazy as _

from guitai.notify import api as notify
from guitai.notify.types import MessageKind


def register_proof_notices() -> None:
    """Announce these message kinds."""
    for kind in (
        MessageKind(
            name="care.proof_asked",
            channels=frozenset({"in_app"}),
            title=_("Are you talking to us?"),
            body=_(
                "A member of our staff asks for a proof that it is you, for case %(case)s. Look at who asks "
                "before you approve. If you speak to nobody, say so there."
            ),
            url="/me/prove/%(proof)s/",
        ),
        MessageKind(
            name="care.proof_code",
            channels=frozenset({"sms"}),
            title=_("Your code for case %(case)s"),
            body=_(
                "%(code)s is your code for case %(case)s, good for 10 minutes. Type it yourself on our page "
                "/prove/. Never read it out: our staff never ask for it."
            ),
            url="/prove/",
        ),
        MessageKind(
            name="care.action_done",
            channels=frozenset({"in_app"}),
            title=_("Something was done in your case"),
            body=_("Our staff did what your case %(case)s needed. Open it to see what, when and why."),
            url="/cases/%(reference)s/",
        ),
        MessageKind(
            name="care.break_glass",
            channels=frozenset({"in_app"}),
            title=_("Your data was opened without a case"),
            body=_(
                "A supervisor opened your data in an emergency. The reason stands in “Who looked at my data”; "
                "another supervisor reviews it."
            ),
            url="/me/data/",
        ),
    ):
        notify.register_kind(kind)
