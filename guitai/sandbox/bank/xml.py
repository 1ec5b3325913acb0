"""XML as the bank takes and gives it: a small tree without document types or entities, and an escaping writer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_DEPTH_MAX = 20
_NODES_MAX = 2_000_000


class NotXml(Exception):
    """Content that is no XML, or XML that no customer of a bank sends."""


@dataclass(slots=True)
class Node:
    """An element with its namespace in front, its text and what it holds."""

    namespace: str
    name: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    text: str = ""


def parse(content: bytes) -> Node:
    """The tree of a document; refuses document types, depth and size beyond any payment file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top = Node("", "", {})
    path, count = [top], 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(path) > _DEPTH_MAX or count > _NODES_MAX:
            raise NotXml("the document is nested too deeply or too long")
        namespace, _, local = name.rpartition(" ")
        node = Node(namespace, local, attributes)
        path[-1].children.append(node)
        path.append(node)

    def end(_name: str) -> None:
        path.pop()

    def text(data: str) -> None:
        path[-1].text += data

    def refuse(*_: object) -> None:
        raise NotXml("a document type declaration is not taken")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotXml(f"the content is no well-formed XML: {error}") from error
    return top.children[0]


def element(name: str, *inner: str | None, **attributes: str) -> str:
    """`element("Nm", text("Lin"))`; an element without content is left out by giving no inner at all."""
    opened = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{opened}>{''.join(part for part in inner if part)}</{name}>"


def leaf(name: str, value: object, **attributes: str) -> str:
    """An element that holds a text; nothing when there is no text."""
    if value is None or value == "":
        return ""
    return element(name, escape(_plain(str(value))), **attributes)


def document(namespace: str, root: str, *inner: str) -> bytes:
    """A whole file."""
    body = element("Document", element(root, *inner), xmlns=f"urn:iso:std:iso:20022:tech:xsd:{namespace}")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def joined(parts: Iterable[str]) -> str:
    return "".join(parts)


def _plain(value: str) -> str:
    """What XML 1.0 has no form for is left out."""
    return "".join(letter for letter in value if letter.isprintable() or letter in "\t\n")
