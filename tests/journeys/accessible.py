"""What is wrong with a page that is open: accessibility, and what is wider than a phone."""

import os
from collections import defaultdict
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.journeys.browser import overflow

SCHEMES = {"en": "light", "zh-hans": "dark"}


# Which addresses each file of tests has looked at in this process.
SEEN = defaultdict(set)


def name_of(page):
    """What the address that is open is called; empty where there is none such."""
    try:
        return resolve(urlsplit(page.url).path).view_name
    except Resolver404:
        return ""


def problems_of(page):
    """What is wrong with the page that is open, in words."""
    looking = os.environ["PYTEST_CURRENT_TEST"].partition(".py::")[0].rpartition("/")[2]
    SEEN[looking].add(name_of(page))
    wide = overflow(page)
    found = [
        f"{violation['id']} ({violation['impact']}): {violation['help']} {node['target']} {node['html'][:160]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    return [f"too wide: {one}" for one in wide] + found


def look_at(person, paths):
    found = {}
    for path in paths:
        person.page.goto(path)
        if problems := problems_of(person.page):
            found[path] = problems
    return found


def nothing_in(found):
    """Fails with every problem in full, a line each."""
    lines = [f"{path}: {problem}" for path, problems in found.items() for problem in problems]
    assert not lines, "\n".join(lines)
