"""Catalogues are complete, and one message has one translation."""

import re
from collections import defaultdict

import pytest

from guitai.site import catalogues

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[sd]")


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_message_is_translated(language):
    found = [str(entry) for room in catalogues.rooms() for entry in catalogues.missing(room, language)]
    assert not found, f"run bin/messages update, then translate:\n{chr(10).join(found)}"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_nothing_obsolete_is_kept(language):
    found = []
    for room in catalogues.rooms():
        asked = {(message.id, message.context) for message in catalogues.extracted(room)}
        found += [
            f"{room}: {message.id!r}"
            for message in catalogues.read_catalogue(room, language)
            if message.id and (message.id, message.context) not in asked
        ]
    assert not found, f"run bin/messages update:\n{chr(10).join(found)}"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_one_message_has_one_translation(language):
    """Django keeps one of them for the whole site: the others would never be seen."""
    seen = defaultdict(dict)
    for room in catalogues.rooms():
        for message in catalogues.read_catalogue(room, language):
            if message.id and message.string:
                seen[message.id, message.context].setdefault(str(message.string), []).append(room)
    found = [f"{key[0]!r}: {words}" for key, words in seen.items() if len(words) > 1]
    assert not found, f"agree on one, or use pgettext:\n{chr(10).join(found)}"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_keep_the_facts(language):
    found = []
    for room in catalogues.rooms():
        for message in catalogues.read_catalogue(room, language):
            if not message.id or not message.string:
                continue
            originals = [message.id] if isinstance(message.id, str) else list(message.id)
            allowed = set().union(*(set(_PLACEHOLDER.findall(words)) for words in originals))
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            for words in strings:
                if unknown := set(_PLACEHOLDER.findall(words)) - allowed:
                    found.append(f"{room}: {words!r} names {unknown}, which {originals[-1]!r} does not")
    assert not found, "\n" + "\n".join(found)
