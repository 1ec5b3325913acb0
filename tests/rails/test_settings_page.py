"""The operator's page about rails: for supervisors, in both languages; a secret goes in and never comes out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guitai.audit.api import entries_about
from guitai.rails import api
from guitai.rails.adapters import RAILS
from guitai.rails.models import RailSetting
from tests.rails.scripted import DOWN, ScriptedRail

pytestmark = pytest.mark.django_db
SECRET = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
StaffClient = Callable[[str], Client]


def fields(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    found = dict(re.findall(r'<input[^>]*name="([a-z_0-9]+)"[^>]*value="([^"]*)"', page))
    found |= dict(re.findall(r'<input[^>]*value="([^"]*)"[^>]*name="([a-z_0-9]+)"', page)) if not found else {}
    for name, options in re.findall(r'<select name="([a-z_]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen.group(1) if chosen else ""
    return {**found, "terms_top_ups": "on", "terms_payouts": "on"}
