"""What a customer typed and left: kept by the page itself, or by a button where nothing runs in it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guitai.base.refusal import Refusal
from guitai.care import api
from guitai.care.web.draft_names import page_of
from guitai.care.web.reader import the_customer
from guitai.kit.explain import explain
from guitai.people.api import customer_required

_NOT_KEPT = frozenset({"draft", "verb", "key", "csrfmiddlewaretoken", "files"})
_NO_CONTENT, _REFUSED = 204, 422


@require_POST
@customer_required
def drafts(request: HttpRequest) -> HttpResponse:
    """Keep a form as it is, or throw away what was kept of it."""
    customer, form = the_customer(request), request.POST.get("draft", "")
    by_itself = request.headers.get("X-Requested-With") == "draft"
    try:
        if request.POST.get("verb") == "drop":
            api.drop_draft(customer, form)
            messages.success(request, _("Thrown away."))
        else:
            typed = {name: value for name, value in request.POST.items() if name not in _NOT_KEPT}
            api.keep_draft(customer, form, {name: str(value) for name, value in typed.items()})
            if not by_itself:
                messages.success(request, _("Kept for seven days. You find it here again."))
    except Refusal as refusal:
        if by_itself:
            return HttpResponse(status=_REFUSED)
        said = explain(refusal.code, refusal.facts)
        messages.warning(request, f"{said.title}. {said.reason} {said.remedy}")
    return HttpResponse(status=_NO_CONTENT) if by_itself else redirect(page_of(form))
