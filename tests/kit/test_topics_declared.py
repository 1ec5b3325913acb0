"""A room that has said what it emits emits nothing else."""

import pytest

from guitai.kit import topic_names, topics
from guitai.kit.models import Topic
from guitai.kit.transactions import outermost

pytestmark = pytest.mark.django_db


def test_refuses_a_topic_that_its_room_does_not_declare() -> None:
    with outermost(), pytest.raises(RuntimeError, match=r"rails\.unheard_of"):
        topics.emit_many(iter([("rails.top_up_paid", {}), ("rails.unheard_of", {})]))
    assert not Topic.objects.exists()
    with outermost():
        topics.emit_many(iter([("rails.top_up_paid", {}), ("somebody.else", {})]))
    assert Topic.objects.count() == 2


def test_refuses_a_declaration_of_another_rooms_topics() -> None:
    with pytest.raises(ValueError, match="rails"):
        topic_names.declare("rails", ["wallet.operation_changed"])
