"""Why staff looked at or did something where nobody had to say it: set reasons, read by customers too."""

from django.utils.translation import gettext_lazy as _

from guitai.kit.reasons import register


def register_reasons() -> None:
    """Called once, when the room is ready."""
    register({
        "case.worked_on": _("worked on your case"),
        "case.acted_on": _("did something in your case"),
        "case.timeline": _("looked at what happened around your case"),
        "case.emergency": _("worked on your report of a stolen wallet"),
        "case.answered": _("answered you"),
        "case.noted": _("left a note for colleagues"),
        "case.solved": _("solved the case"),
        "case.taken": _("took the case"),
        "case.released": _("gave the case back"),
        "case.sorted": _("sorted the case"),
        "case.merged": _("put two cases together"),
        "case.proof": _("asked you to show that it is you"),
        "case.evidence": _("looked at a file that you added"),
        "case.call": _("called you, as you had asked"),
        "case.reached": _("spoke to you"),
        "case.not_reached": _("did not reach you"),
        "announced": _("told everybody something"),
        "library.worked_on": _("worked on the help centre"),
        "contact.handled": _("dealt with a reported contact"),
    })  # fmt: skip
