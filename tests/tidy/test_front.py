"""Pages: nothing inline (the content policy would drop it), nothing evaluated, nothing copied in."""

import re

from tests.tidy import source

_INLINE = (
    ("inline script", re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)),
    ("inline style", re.compile(r"<style[\s>]|\sstyle\s*=\s*[\"']", re.IGNORECASE)),
    ("inline handler", re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)),
    ("javascript: address", re.compile(r"[\"']javascript:", re.IGNORECASE)),
    ("address of another host", re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)),
)  # fmt: skip
_SCRIPT_BANS = (
    ("eval", re.compile(r"\beval\s*\(|\bnew\s+Function\s*\(|set(?:Timeout|Interval)\s*\(\s*[\"'`]")),
    ("innerHTML", re.compile(r"\.(?:innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write")),
    ("var", re.compile(r"^\s*var\s", re.MULTILINE)),
)
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)


def _found(paths, patterns, strip=None):
    for path in paths:
        text = strip.sub(lambda m: "\n" * m[0].count("\n"), path.read_text()) if strip else path.read_text()
        for what, pattern in patterns:
            for match in pattern.finditer(text):
                yield f"{source.name(path)}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match[0][:60]!r}"


def test_templates_have_nothing_inline():
    templates = [path for path in source.files(".html", under="guitai") if "templates" in path.parts]
    found = list(_found(templates, _INLINE, _COMMENT))
    assert not found, "\n" + "\n".join(found)


def test_templates_escape():
    bans = (("unescaped", re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off")),)
    templates = [path for path in source.files(".html", under="guitai") if "templates" in path.parts]
    found = list(_found(templates, bans, _COMMENT))
    assert not found, "\n" + "\n".join(found)


def test_scripts_evaluate_nothing():
    found = list(_found(source.files(".js", ".mjs", under="guitai"), _SCRIPT_BANS))
    assert not found, "\n" + "\n".join(found)


def test_no_third_party_file_is_copied_in():
    found = [
        source.name(path)
        for path in source.files(".js", ".mjs", ".css", ".woff", ".woff2", ".ttf", ".otf")
        if re.search(r"\.min\.(js|css)$|htmx|bootstrap|tailwind|jquery|alpine|\.(woff2?|ttf|otf)$", path.name)
    ]
    assert not found, "\n" + "\n".join(found)
