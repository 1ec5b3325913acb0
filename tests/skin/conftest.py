import pytest

from guitai.skin import context, navigation, slots


@pytest.fixture(autouse=True)
def _skin_alone(settings, monkeypatch):
    """What site/wiring put in is taken out again, so that no test here needs a database or another room."""
    settings.ROOT_URLCONF = "tests.skin.urls"
    monkeypatch.setattr(slots, "_fillings", {})
    monkeypatch.setattr(context, "_operator_provider", [])
    monkeypatch.setattr(context, "_language_listeners", [])
    monkeypatch.setattr(navigation, "_bar", [])
    monkeypatch.setattr(navigation, "_doors", [])
