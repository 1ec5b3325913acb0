"""Message catalogues without GNU gettext."""

import pytest

from guitai.site import catalogues

PYTHON = """
from django.utils.translation import gettext, gettext_lazy as _, ngettext, pgettext

A = _("Hello %(name)s")
B = ngettext("%(n)s day", "%(n)s days", 2)
C = pgettext("month", "May")
D = _("in two "
      "parts")
E = f"{gettext('inner')}"
"""
TEMPLATE = """{% load i18n %}
      <c-button label="{% trans 'Pay' %}" />
  <c-field :label="_('Phone')" :attrs="{'a': _('Nested')}" />
{% blocktrans trimmed count n=3 %}
     {{ n }} bill, 50%
{% plural %}
     {{ n }} bills, 50%
{% endblocktrans %}
<p>it's {{ _("constant")|upper }} {% trans "noted" context "aside" %}</p>
"""


@pytest.fixture
def package(tmp_path):
    room = tmp_path / "guitai" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "words.py").write_text(PYTHON)
    (room / "templates" / "room" / "page.html").write_text(TEMPLATE)
    return tmp_path / "guitai"


def test_everything_that_speaks_is_found(package):
    found = {message.id for message in catalogues.extracted("room", package) if message.id}
    assert found == {
        "Hello %(name)s", ("%(n)s day", "%(n)s days"), "May", "in two parts", "inner", "Pay", "Phone", "Nested",
        ("%(n)s bill, 50%%", "%(n)s bills, 50%%"), "constant", "noted",
    }  # fmt: skip


def test_update_keeps_translations_and_drops_what_nobody_says(package):
    assert catalogues.update("room", "zh_Hans", package) == 11
    path = catalogues.catalogue_path("room", "zh_Hans", package)
    assert "nplurals=1" in path.read_text()
    translated = path.read_text().replace('msgid "Pay"\nmsgstr ""', 'msgid "Pay"\nmsgstr "支付"')
    path.write_text(translated.replace('msgstr[0] ""', 'msgstr[0] "%(n)s 天"', 1))
    assert catalogues.update("room", "zh_Hans", package) == 9
    assert '"支付"' in path.read_text()
    (package / "room" / "words.py").unlink()
    assert catalogues.update("room", "zh_Hans", package) == 4
    assert "Hello" not in path.read_text()
    before = path.read_text()
    catalogues.update("room", "zh_Hans", package)
    assert path.read_text() == before


def test_only_what_changed_is_compiled(package):
    catalogues.update("room", "zh_Hans", package)
    compiled = catalogues.catalogue_path("room", "zh_Hans", package).with_suffix(".mo")
    assert catalogues.compile_catalogues(package) == [compiled]
    assert catalogues.compile_catalogues(package) == []
