"""Components as HTML: what a reader, a keyboard and a browser without JavaScript get."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from guitai.base.money import Money
from guitai.skin import icons
from guitai.skin.context import page
from guitai.skin.templatetags.skin import attributes, hue, initials

TEMPLATES = Path(icons.__file__).parent / "templates"
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "cotton").iterdir())


class Sample(forms.Form):
    phone = forms.CharField(label="Phone", help_text="We call it.")
    agree = forms.BooleanField(label="Agree")
    reason = forms.ChoiceField(label="Reason", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    amount = forms.CharField(label="Amount")
    pin = forms.CharField(label="PIN", widget=forms.PasswordInput)
    papers = forms.FileField(label="Papers")


@dataclass(frozen=True)
class Said:
    title: str = "Not enough money"
    reason: str = "You have ¥1.00."
    remedy: str = "Top up."
    remedy_url: str = "/top-up/"
    remedy_label: str = "Top up"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def _html(tag, **context):
    """Render a component written as a page writes it, through the compiler that pages pass."""
    from django_cotton.compiler_regex import CottonCompiler

    request = RequestFactory().get("/")
    source = CottonCompiler().process("{% load guitai_text %}" + tag)
    return engines["django"].from_string(source).render({**page(request), **context}, request)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_renders_with_nothing_given(name):
    form = Sample()
    field = {"amount_field": "amount", "pin_pad": "pin", "code_field": "phone", "file_field": "papers"}.get(
        name
    )
    attribute = ':field="field"' if field else 'id="x"'
    assert "None" not in _html(f"<c-{name.replace('_', '-')} {attribute} />", field=form[field or "phone"])


def test_a_button_is_a_link_when_it_leads_somewhere():
    assert _html('<c-button href="/x/">Go</c-button>').startswith('<a href="/x/" class="button is-primary')
    assert '<button type="submit"' in _html("<c-button>Go</c-button>")
    assert "<a " not in _html('<c-button href="/x/" disabled>Go</c-button>')


def test_a_field_names_its_help_and_error_and_keeps_what_was_typed():
    form = Sample({"phone": '"><b>1'})
    form.add_error("phone", "Too short.")
    html = _html('<c-field :field="form.phone" type="tel" autocomplete="tel" />', form=form)
    assert 'for="id_phone"' in html and 'type="tel"' in html and 'autocomplete="tel"' in html
    assert 'aria-describedby="id_phone_help id_phone_error"' in html
    assert 'id="id_phone_help"' in html and 'id="id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert "&quot;&gt;&lt;b&gt;1" in html and "<b>1" not in html


def test_a_field_without_trouble_claims_none():
    html = _html('<c-field :field="form.phone" />', form=Sample())
    assert "aria-invalid" not in html and "id_phone_error" not in html


def test_a_field_without_a_form_is_understood_too():
    html = _html('<c-field name="q" label="Word" value="{{ typed }}" error="Unknown." />', typed='a"b')
    assert 'value="a&quot;b"' in html and "Unknown." in html and 'aria-invalid="true"' in html


def test_checkboxes_and_radios_have_their_words_beside_them():
    assert re.search(
        r'<label class="check"><input[^>]*type="checkbox"',
        _html('<c-field :field="f" />', f=Sample()["agree"]),
    )
    html = _html('<c-field :field="f" />', f=Sample()["reason"])
    assert "<fieldset" in html and "<legend" in html and html.count('type="radio"') == 2


def test_a_pin_is_a_plain_numeric_password_without_javascript():
    html = _html('<c-pin-pad :field="f" shuffle />', f=Sample()["pin"])
    assert 'type="password"' in html and 'inputmode="numeric"' in html and 'maxlength="6"' in html
    assert re.search(r"<div class=\"pin-keys\" data-pin-keys hidden>", html)


def test_an_amount_field_knows_its_currency():
    html = _html('<c-amount-field :field="f" currency="JPY" />', f=Sample()["amount"])
    assert "JP¥" in html and 'data-decimals="0"' in html and 'inputmode="decimal"' in html


def test_a_problem_says_why_and_what_to_do():
    html = _html('<c-problem :explanation="said" reference="7KMR3AXWH2" />', said=Said())
    for words in ("Not enough money", "You have ¥1.00.", "Top up.", 'href="/top-up/"', "7KMR-3AX-WH2"):
        assert words in html


def test_values_of_strangers_are_escaped_everywhere():
    evil = '"><script>alert(1)</script>'
    html = _html(
        '<c-row href="/x/" title="{{ evil }}" :detail="evil" :value="evil" :data-x="evil" avatar="{{ evil }}" />'
        '<c-badge :title="evil">{{ evil }}</c-badge><c-facts :items="items" />'
        '<c-message :who="evil">{{ evil }}</c-message>',
        evil=evil,
        items=[(evil, evil)],
    )
    assert "<script>" not in html and '"><' + "script" not in html


def test_attributes_that_pretend_to_be_quoted_stay_inside():
    html = attributes({}, {"data-x": '"a" onclick="b"'})
    assert html == ' data-x="&quot;a&quot; onclick=&quot;b&quot;"'


def test_values_from_around_a_component_do_not_leak_in():
    assert "leaked" not in _html(
        "<c-card>x</c-card><c-row />", title="leaked", detail="leaked", href="leaked"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("林月", "月"), ("张*", "张"), ("Maya Patel", "MP"), ("M*** P*** +44 770****0123", "MP"), ("", "·")],
)
def test_initials(name, expected):
    assert initials(name) == expected
    assert 0 <= hue(name) < 6


def test_amounts_are_formatted_as_money():
    html = _html('<c-amount :value="m" label="Balance" hideable />', m=Money(1_234_567_890_123, "CNY"))
    assert "is-longer" in html and "12,345,678,901" in html


def test_every_icon_that_a_template_names_exists():
    named = re.compile(r"""(?:{% icon |\bicon(?:-end)?=|<c-icon name=)["']([a-z0-9-]+)["']""")
    rooms = TEMPLATES.parent.parent
    for path in rooms.glob("*/templates/**/*.html"):
        for name in named.findall(path.read_text()):
            assert icons.exists(name), f"{path}: no icon is called {name}"


def test_an_unknown_icon_does_not_break_a_page():
    assert "<svg" in icons.icon_svg("no-such-icon")


def test_nothing_inline_that_the_content_policy_forbids():
    forbidden = re.compile(r"<style|\sstyle=|<script>|\son[a-z]+=", re.IGNORECASE)
    for path in TEMPLATES.rglob("*.html"):
        assert not forbidden.search(path.read_text()), path
