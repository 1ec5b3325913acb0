from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from guitai.skin import slots


def _page(source):
    context = Context({"request": RequestFactory().get("/")})
    return Template("{% load slots %}" + source).render(context)


def test_an_empty_slot_leaves_nothing():
    assert _page('[{% slot "operation.help" operation=1 %}]') == "[]"


def test_fillings_come_in_order_with_the_facts_of_the_page():
    slots.fill("footer", lambda request, facts: mark_safe(f"<b>{facts['word']}</b>"), order=2)
    slots.fill("footer", lambda request, facts: mark_safe(f"<i>{request.path}</i>"), order=1)
    assert _page('{% slot "footer" word="b" %}') == "<i>/</i><b>b</b>"


def test_what_nobody_marked_as_html_is_escaped():
    slots.fill("footer", lambda request, facts: "<script>")
    assert _page('{% slot "footer" %}') == "&lt;script&gt;"


def test_the_same_filling_twice_counts_once():
    def render(request, facts):
        return "once"

    slots.fill("footer", render)
    slots.fill("footer", render)
    assert _page('{% slot "footer" %}') == "once"


def test_a_page_can_ask_whether_anything_came():
    source = '{% slotted "home.needs_you" as pieces %}{% if pieces %}yes{% else %}no{% endif %}'
    assert _page(source) == "no"
    slots.fill("home.needs_you", lambda request, facts: "call back")
    assert _page(source) == "yes"
