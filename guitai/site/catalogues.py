"""Message catalogues without GNU gettext: extract, merge, compile, and say what is missing.

Source strings are English; each room keeps `locale/zh_Hans/LC_MESSAGES/django.po`. The `.mo` files are
made from them at start and never committed.
"""

import ast
import contextlib
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans",)
# The sandbox plays the outside world and the base has no words of its own.
WITHOUT_MESSAGES = frozenset({"base", "sandbox"})

# Which arguments of each function are the message, and whether the first one is its context.
_FUNCTIONS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1, False)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (2, False)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, True)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (2, True)),
}
_TEMPLATES = (".html", ".txt", ".svg", ".webmanifest")
# `<c-field :label="_('Phone')">`: a component's expression, which Django's own extraction takes for plain text.
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
# In what templatize gives, everything but these calls is blanked out.
_LITERAL = r"""u?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_CALL = re.compile(rf"\b_?(?:n?p?gettext)?\({_LITERAL}(?:,\s*{_LITERAL})*(?:,\s*count)?\)")
_CONSTANT = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={plurals}; plural={expression};\\n"

"""


@dataclass(frozen=True, slots=True)
class Missing:
    """One message without a translation, or one that the catalogue does not know."""

    room: str
    language: str
    message: str
    why: str

    def __str__(self) -> str:
        return f"{self.room} {self.language}: {self.why}: {self.message!r}"


def rooms(package: Path = PACKAGE) -> list[str]:
    """The rooms that speak to people."""
    return sorted(
        path.name
        for path in package.iterdir()
        if (path / "__init__.py").exists() and path.name not in WITHOUT_MESSAGES
    )


def catalogue_path(room: str, language: str, package: Path = PACKAGE) -> Path:
    return package / room / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted(room: str, package: Path = PACKAGE) -> Catalog:
    """Every message that the room's Python and templates ask for."""
    catalogue = Catalog(fuzzy=False)
    folder = package / room
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or {"locale", "static", "__pycache__"} & set(path.relative_to(folder).parts):
            continue
        for message, context in _messages_of(path):
            catalogue.add(
                message, locations=[(path.relative_to(package.parent).as_posix(), 0)], context=context
            )
    return catalogue


def update(room: str, language: str, package: Path = PACKAGE) -> int:
    """Merge what the room asks for into its catalogue; gives how many translations are missing."""
    template, path = extracted(room, package), catalogue_path(room, language, package)
    catalogue = read_catalogue(room, language, package)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if len(catalogue) == 0:
        path.unlink(missing_ok=True)
        return 0
    written = io.BytesIO()
    write_po(written, catalogue, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    header = _HEADER.format(
        language=language.replace("_", "-"), plurals=catalogue.num_plurals, expression=catalogue.plural_expr
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + written.getvalue().strip() + b"\n")
    return len(missing(room, language, package))


def missing(room: str, language: str, package: Path = PACKAGE) -> list[Missing]:
    """What the catalogue lacks: messages it does not know, empty and fuzzy translations."""
    catalogue, found = read_catalogue(room, language, package), []
    for message in extracted(room, package):
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        words = message.id if isinstance(message.id, str) else message.id[0]
        if known is None:
            found.append(Missing(room, language, words, "not in the catalogue"))
        elif not _complete(known.string):
            found.append(Missing(room, language, words, "not translated"))
        elif known.fuzzy:
            found.append(Missing(room, language, words, "translation is marked fuzzy"))
    return found


def _complete(translation: str | Sequence[str] | None) -> bool:
    if isinstance(translation, str):
        return translation != ""
    return bool(translation) and all(translation or ())


def read_catalogue(room: str, language: str, package: Path = PACKAGE) -> Catalog:
    path = catalogue_path(room, language, package)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def compile_catalogues(package: Path = PACKAGE) -> list[Path]:
    """Write each `.mo` that is older than its `.po`; gives those written."""
    written = []
    for room in rooms(package):
        for language in LANGUAGES:
            source = catalogue_path(room, language, package)
            target = source.with_suffix(".mo")
            if not source.exists():
                target.unlink(missing_ok=True)
            elif not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
                _write_mo(read_catalogue(room, language, package), target)
                written.append(target)
    return written


def _write_mo(catalogue: Catalog, target: Path) -> None:
    # Several processes may compile at once; each replaces the file in one step.
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()


def _messages_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    if path.suffix == ".py":
        source = path.read_text()
    elif path.suffix in _TEMPLATES and "templates" in path.parts:
        source = _as_python(path)
    else:
        return
    # The parsed tree, not the tokens: it also sees into f-strings.
    for node in ast.walk(ast.parse(source, str(path))):
        if isinstance(node, ast.Call) and (found := _message_of(node)):
            yield found


def _message_of(call: ast.Call) -> tuple[str | tuple[str, ...], str | None] | None:
    """The message and context of a call that translates a constant."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in _FUNCTIONS:
        return None
    count, with_context = _FUNCTIONS[name]
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if len(words) < count + with_context:
        return None
    context = words.pop(0) if with_context else None
    return (words[0] if count == 1 else tuple(words[:2])), context


def _as_python(path: Path) -> str:
    """The translating calls that Django finds in a template, one a line."""
    text = path.read_text()
    calls = _CALL.findall(templatize(text, origin=str(path)))
    return "\n".join([*calls, *_CONSTANT.findall(_TAGS.sub("", text))]) + "\n"
