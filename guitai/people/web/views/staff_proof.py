"""A member of staff shows once more that it is them, before changing what money depends on."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.access import proved_lately, staff_required
from guitai.people.flows.proofs import check_proof
from guitai.people.web.forms import CodeForm
from guitai.people.web.views.common import keep_next, onward, signed_in

_DESK = "/desk/"


@require_http_methods(["GET", "POST"])
@staff_required()
def staff_confirm(request: HttpRequest) -> HttpResponseBase:
    """The authenticator's code; good for ten minutes."""
    user = signed_in(request)
    keep_next(request)
    if proved_lately(request):
        return redirect(onward(request, _DESK))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = check_proof(user, "totp", form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            post_authentication(request, Authenticator.objects.get(id=number), reauthenticated=True)
            return redirect(onward(request, _DESK))
    return render(request, "people/staff_confirm.html", {"form": form})
