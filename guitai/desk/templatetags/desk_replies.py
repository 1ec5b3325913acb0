"""The suggested reply beside a case. `{% load desk_replies %}{% suggested_reply %}`."""

from typing import Any

from django import template
from django.utils.translation import get_language

from guitai.desk.replies import suggest

register = template.Library()


@register.inclusion_tag("desk/parts/suggested_reply.html", takes_context=True)
def suggested_reply(context: dict[str, Any]) -> dict[str, Any]:
    """A draft and a button that puts it into the reply box; articles for everybody and for staff."""
    reader = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    work = context["work"]
    return {"suggestion": suggest(work, reader), "row": work.case.row}
