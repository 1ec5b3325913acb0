"""The security check-up: what is strong, what is weak, what happened lately."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guitai.people.access import customer_required
from guitai.people.checkup import checkup
from guitai.people.web import checkup_words as words
from guitai.people.web.views.common import signed_in


@customer_required
def security(request: HttpRequest) -> HttpResponse:
    """Each finding with its one-tap mend."""
    found = checkup(signed_in(request).id)
    title, sentence, tone = words.whole(found.level)
    facts = {
        "title": title,
        "sentence": sentence,
        "tone": tone,
        "lines": words.lines(found),
        "events": words.events(found),
    }
    return render(request, "people/security.html", facts)
