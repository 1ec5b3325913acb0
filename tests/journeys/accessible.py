"""What is wrong with a page that is open: accessibility, and what is wider than a phone."""

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.browser import overflow

SCHEMES = {"en": "light", "zh-hans": "dark"}


def problems_of(page):
    """What is wrong with the page that is open, in words."""
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
