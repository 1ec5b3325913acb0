"""What the tidy tests look at: our own files, and what each Python file imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "guitai"
PLUMBING = frozenset({"base", "kit", "skin"})
DOMAIN = ("desk", "care", "pay", "wallet", "rails", "risk", "people", "ledger", "notify", "audit")
DOOR = frozenset({"api", "types", "errors"})
_SKIPPED = frozenset({
    ".git", ".venv", "var", ".cache", ".tools", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache",
    ".hypothesis", ".import_linter_cache", "node_modules", "build", "dist",
})  # fmt: skip


@cache
def files(*suffixes: str, under: str = ".") -> tuple[Path, ...]:
    """Our files with one of these endings; all when none is named."""
    return tuple(
        path
        for path in sorted((ROOT / under).rglob("*"))
        if path.is_file()
        and not _SKIPPED & set(path.relative_to(ROOT).parts)
        and (not suffixes or path.suffix in suffixes)
    )


def python(under: str = "guitai", *, migrations: bool = False) -> tuple[Path, ...]:
    return tuple(p for p in files(".py", under=under) if migrations or "migrations" not in p.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The room that a file of the package lies in; empty for the package's own."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a file, in no order that means something."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and full dotted name of everything imported, one entry a name."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
