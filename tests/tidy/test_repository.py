"""What may not be in the repository, and what must hold between its files."""

import ast
import re
import subprocess

import pytest

from tests.tidy import source

_TEXT = (
    ".py",
    ".md",
    ".html",
    ".css",
    ".js",
    ".txt",
    ".in",
    ".toml",
    ".po",
    ".yml",
    ".yaml",
    ".json",
    ".cfg",
    ".sh",
    "",
)
_PACKAGE_HOSTS = re.compile(
    r"pypi\.(?:org|python)|files\.pythonhosted|registry\.npmjs|deb\.debian\.org|(?:--|^)(?:extra-)?index-url|--find-links",
    re.MULTILINE,
)
_WORKSTATION = re.compile(r"(?<![\w.<])/(?:root|home/\w+|Users/\w+|work|workspace|mnt/\w+)/[\w.]")
_TEST_NAME = re.compile(r"`(tests/[\w/.-]+\.py)(?:::(\w+))?`")


def _lines_matching(pattern):
    for path in source.files(*_TEXT):
        if path.name == "test_repository.py":
            continue
        text = path.read_text(errors="replace")
        for match in pattern.finditer(text):
            yield f"{source.name(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r}"


def test_no_package_host_is_named():
    found = list(_lines_matching(_PACKAGE_HOSTS))
    assert not found, "\n" + "\n".join(found)


def test_no_path_of_somebodys_machine():
    found = list(_lines_matching(_WORKSTATION))
    assert not found, "\n" + "\n".join(found)


def test_locks_pin_every_package_by_hash():
    for path in sorted((source.ROOT / "requirements").glob("*.txt")):
        entries = [entry for entry in re.split(r"\n(?=[a-z])", path.read_text()) if re.match(r"[a-z]", entry)]
        assert entries
        loose = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry or "==" not in entry]
        assert not loose, f"{path.name}: {loose}"
    assert not (source.ROOT / "uv.lock").exists()


def test_extras_are_locked_with_what_they_add_to():
    folder = source.ROOT / "requirements"
    pins = {
        path.stem: set(re.findall(r"(?m)^[a-z][^ ]*==[^ ]+", path.read_text()))
        for path in folder.glob("*.txt")
    }
    for name, pinned in pins.items():
        assert pins["base"] <= pinned, f"{name}.txt was compiled without {sorted(pins['base'] - pinned)}"


def test_every_promise_names_tests_that_exist():
    path = source.ROOT / "docs" / "promises.md"
    if not path.exists():
        pytest.fail("docs/promises.md is missing")
    rows = [line for line in path.read_text().splitlines() if line.startswith("|")][2:]
    assert rows, "docs/promises.md has no table"
    found = []
    for row in rows:
        names = _TEST_NAME.findall(row)
        if not names:
            found.append(f"no test is named: {row}")
        for file, test in names:
            at = source.ROOT / file
            if not at.exists():
                found.append(f"{file} does not exist")
            elif test and test not in {
                node.name for node in ast.walk(source.tree(at)) if hasattr(node, "name")
            }:
                found.append(f"{file} has no {test}")
    assert not found, "\n" + "\n".join(found)


def test_compiled_catalogues_are_not_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "*.mo", "var", ".venv"],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not tracked.stdout.strip(), tracked.stdout
