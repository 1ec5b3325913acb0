"""The person's own page: who I am here, and the way to everything about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guitai.base.actor import SYSTEM
from guitai.kit.operator import operator
from guitai.notify import api as notify
from guitai.people import reads
from guitai.people.access import customer_required
from guitai.people.flows.email import masked_email
from guitai.people.rules.phone import masked_phone
from guitai.people.web.views.common import customer
from guitai.people.web.words import standing_words


@customer_required
def me(request: HttpRequest) -> HttpResponse:
    """Name, number, PIN, language, standing; other rooms add their sections."""
    user = customer(request)
    assert user is not None
    now_standing = reads.standing(user.id)
    facts = {
        "person": reads.profile(user.id, None, SYSTEM),
        "phone": masked_phone(user.phone, operator().phone_region),
        "has_pin": reads.has_pin(user.id),
        "standing": now_standing,
        "words": standing_words(now_standing),
        "email": masked_email(reads.email_of(user.id)),
        "unread": notify.unread_count(user.id),
    }
    return render(request, "people/me.html", facts)
