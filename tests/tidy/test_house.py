"""The house: doors, room layout, and what code may not do. Directions are import-linter's (pyproject.toml)."""

import ast
import re

from tests.tidy import source

# Parts of a room that Django or the site finds by name. Only the site may reach them.
SITE_MAY = (
    "web.",
    "apps.",
    "explanations.",
    "settings",
    "notices.",
    "messages.",
    "jobs.",
    "kinds.",
    "slots.",
    # Reading a statement file needs no database and no secrets, and must not load them.
    "statements.",
    # Nor does checking a signed directory, on a machine that has never heard of us.
    "directory.signing",
    "rules.check_contact",
    # Nor does signing a request of the reserve, on a machine that is connected to nothing.
    "reserve.rules.documents",
    # Nor does checking an evidence pack.
    "emergency.pack",
)
TILL, POSTER = "guitai.wallet.till", "guitai.ledger.poster"
# It measures what only the till may do, in scratch databases; nothing of the product imports it.
BENCH = source.PACKAGE / "site" / "bench"


def test_rooms_meet_only_at_their_doors():
    found = []
    for path in source.python():
        if BENCH in path.parents:
            continue
        here = source.room_of(path)
        for line, full in source.imports(path):
            parts = full.split(".")
            if parts[0] != "guitai" or len(parts) < 3 or parts[1] not in source.DOMAIN or parts[1] == here:
                continue
            inside = ".".join(parts[2:])
            if parts[2] in source.DOOR or (here == "site" and inside.startswith(SITE_MAY)):
                continue
            if full.startswith(POSTER) and here == "wallet" and "till" in path.parts:
                continue
            found.append(f"{source.name(path)}:{line}: {full} is not a door (api, types, errors)")
    assert not found, "\n" + "\n".join(found)


def test_only_the_till_moves_money():
    found = []
    for path in source.python():
        if source.room_of(path) == "ledger" or "till" in path.relative_to(source.PACKAGE).parts:
            continue
        if BENCH in path.parents:
            continue
        found += [
            f"{source.name(path)}:{line}: {full}"
            for line, full in source.imports(path)
            if full.startswith(POSTER) or full in ("guitai.ledger.api.post", "guitai.ledger.api.write")
        ]
    assert not found, "money moves only through the till:\n" + "\n".join(found)


def test_each_room_has_its_door_and_says_what_it_owns():
    found = []
    for room in source.DOMAIN:
        folder = source.PACKAGE / room
        found += [f"guitai/{room}/README.md is missing"] if not (folder / "README.md").exists() else []
        for door in sorted(source.DOOR):
            if not (folder / f"{door}.py").exists() and not (folder / door / "__init__.py").exists():
                found.append(f"guitai/{room}/{door}.py is missing")
    found += [
        f"guitai/{room}/README.md is missing"
        for room in (*source.PLUMBING, "site", "sandbox")
        if not (source.PACKAGE / room / "README.md").exists()
    ]
    assert not found, "\n" + "\n".join(found)


def test_verbs_of_a_door_say_what_they_do():
    found = []
    for room in source.DOMAIN:
        path = source.PACKAGE / room / "api.py"
        if not path.exists():
            continue
        for node in source.tree(path).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                found.append(f"{source.name(path)}:{node.lineno}: {node.name} has no docstring")
    assert not found, "\n" + "\n".join(found)


def test_no_import_hides_in_a_function():
    found = []
    for path in source.python():
        for function in source.functions(path):
            found += [
                f"{source.name(path)}:{node.lineno}: import inside {function.name}"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
    assert not found, "\n" + "\n".join(found)


def test_no_django_signals():
    banned = (
        "django.dispatch",
        "django.db.models.signals",
        "django.core.signals",
        "django.contrib.auth.signals",
    )
    found = [
        f"{source.name(path)}:{line}: {full}"
        for path in source.python()
        for line, full in source.imports(path)
        if full.startswith((*banned, "allauth.account.signals"))
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_float_near_money():
    rooms = ("base", "ledger", "wallet", "rails", "risk", "pay")
    found = []
    for path in (p for room in rooms for p in source.python(f"guitai/{room}")):
        for node in source.nodes(path):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, float)
                and not _is_seconds(path, node)
            ):
                found.append(f"{source.name(path)}:{node.lineno}: {node.value}")
            elif isinstance(node, ast.Name) and node.id == "float":
                found.append(f"{source.name(path)}:{node.lineno}: float")
            elif isinstance(node, ast.Attribute) and node.attr in ("FloatField", "ToFloat"):
                found.append(f"{source.name(path)}:{node.lineno}: {node.attr}")
    assert not found, "money is whole minor units:\n" + "\n".join(found)


def _is_seconds(path, constant: ast.Constant) -> bool:
    """A number of seconds, said so by its name on the same line (`_PAUSE_S = 0.5`)."""
    line = path.read_text().splitlines()[constant.lineno - 1]
    return bool(re.search(r"_[Ss]\b|timeout|sleep|pause", line))


def test_objects_stay_in_their_room():
    """`Model.objects` of another room would go round its door; imports already cannot, strings could."""
    found = []
    for path in (path for room in source.DOMAIN for path in source.python(f"guitai/{room}")):
        for node in source.nodes(path):
            if isinstance(node, ast.Attribute) and node.attr == "get_model":
                found.append(f"{source.name(path)}:{node.lineno}: get_model goes round a door")
    assert not found, "\n" + "\n".join(found)
