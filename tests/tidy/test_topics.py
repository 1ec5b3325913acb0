"""What rails and the wallet tell upwards is listened to, or somebody has said why not."""

from guitai.kit import topic_names, topics

# For whoever writes a program beside Guitai, and for nobody inside it: each with its reason.
OUTSIDERS: dict[str, str] = {}
ROOMS = ("rails", "wallet")


def test_rooms_say_what_they_emit() -> None:
    declared = topic_names.declared()
    assert all(declared[room] for room in ROOMS)


def test_every_topic_has_a_handler_or_is_meant_for_outsiders() -> None:
    emitted = {name for room in ROOMS for name in topic_names.declared()[room]}
    assert emitted - topics.handled() == OUTSIDERS.keys()


def test_nobody_listens_to_what_nobody_says() -> None:
    listened = {name for name in topics.handled() if name.partition(".")[0] in ROOMS}
    assert listened <= {name for room in ROOMS for name in topic_names.declared()[room]}
