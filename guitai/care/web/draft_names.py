"""Which form a draft belongs to, and the page that shows it again."""

from urllib.parse import urlencode

from django.urls import reverse

from guitai.base.reference import parse_reference, reference_kind


def draft_name(category: str, about: str) -> str:
    """The name of the draft of a new case: its category, and the operation or earlier case it is about."""
    return f"new:{category}:{parse_reference(about) or ''}"


def page_of(form: str) -> str:
    """The address at which a form is offered again; the counter for what is none."""
    kind, _, rest = form.partition(":")
    if kind == "reply" and parse_reference(rest):
        return reverse("care:case", args=[rest]) + "#reply"
    category, _, about = rest.partition(":")
    if kind != "new" or not (category.replace("_", "").isalpha() or not category):
        return reverse("care:counter")
    reference = parse_reference(about) if about else None
    facts = {"category": category} if category else {}
    if reference:
        facts["follows" if reference_kind(reference) == "case" else "operation"] = reference
    return reverse("care:new_case") + (f"?{urlencode(facts)}" if facts else "")
