from hypothesis import given
from hypothesis import strategies as st

from crestline import rules
from crestline.desk.dispatch import Free, Slot, Waiting, is_full, next_contact, next_session, next_worker
from crestline.desk.line import Line

SKILLS = ("order", "refund", "complaint")

skills = st.lists(st.sampled_from(SKILLS), min_size=1, unique=True).map(tuple)
instants = st.integers(0, 3).map(float)
contacts = st.tuples(st.booleans(), st.sampled_from(SKILLS), instants)
lines = st.lists(contacts, max_size=12).map(lambda cs: [Waiting(*c, row, row + 100) for row, c in enumerate(cs)])
sessions = st.lists(st.tuples(skills, st.integers(0, 2), instants), max_size=8).map(
    lambda ss: [Free(*s, agent) for agent, s in enumerate(ss)]
)


def plainly_first(own: tuple[str, ...], waiting: list[Waiting]) -> Waiting | None:
    """The rule said again in the slowest way: go through VIPs, skills, instants, rows in order."""
    for vip in (True, False):
        for skill in own:
            fitting = sorted((c.queued_at, c.row) for c in waiting if (c.vip, c.skill) == (vip, skill))
            if fitting:
                return next(c for c in waiting if c.row == fitting[0][1])
    return None


@given(skills, lines)
def test_a_free_session_takes_vip_then_its_first_skill_then_who_waits_longest(
    own: tuple[str, ...], waiting: list[Waiting]
) -> None:
    assert next_contact(own, waiting) == plainly_first(own, waiting)


# The engines' rule and the desk's are written twice; they must choose the same.
@given(skills, lines)
def test_the_rule_of_the_engines_chooses_the_same_contact(own: tuple[str, ...], waiting: list[Waiting]) -> None:
    ranked = [
        (rules.rank_of_contact(c.vip, own.index(c.skill), c.queued_at, c.row), c) for c in waiting if c.skill in own
    ]
    assert next_contact(own, waiting) == (min(ranked)[1] if ranked else None)


@given(st.sampled_from(SKILLS), sessions)
def test_the_rule_of_the_engines_chooses_the_same_group(skill: str, free: list[Free]) -> None:
    ranked = [
        (rules.rank_of_group(s.skills.index(skill), s.order), s.idle_since, s.agent) for s in free if skill in s.skills
    ]
    chosen = next_session(skill, free)
    assert (chosen.agent if chosen else None) == (min(ranked)[2] if ranked else None)


@given(st.integers(0, 5), st.none() | st.integers(0, 5))
def test_the_rule_of_the_engines_turns_the_same_away(waiting: int, limit: int | None) -> None:
    assert is_full(waiting, limit) == rules.is_turned_away(waiting, -1 if limit is None else limit)


def test_a_contact_goes_to_the_group_that_likes_it_best_and_there_to_the_longest_idle() -> None:
    late = Free(("refund",), 1, 5.0, 1)
    early = Free(("refund",), 1, 2.0, 2)
    other = Free(("order", "refund"), 0, 0.0, 3)
    assert next_session("refund", [late, early, other]) == early
    assert next_session("order", [late, early, other]) == other
    assert next_session("complaint", [late, early, other]) is None


def test_of_groups_that_like_it_equally_the_first_in_the_file_gets_it() -> None:
    assert next_session("refund", [Free(("refund",), 1, 0.0, 1), Free(("refund",), 0, 9.0, 2)]) == Free(
        ("refund",), 0, 9.0, 2
    )


def test_the_bot_worker_with_the_lowest_number_and_a_free_slot_is_taken() -> None:
    assert next_worker([Slot(2, 4), Slot(0, 0), Slot(1, 1)]) == 1
    assert next_worker([Slot(0, 0)]) is None


# However contacts come, leave from the middle and come back, the head is who waits longest of those who are there.
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=60))
def test_the_head_of_a_line_is_who_waits_longest(steps: list[tuple[bool, int]]) -> None:
    line, there = Line(), set[int]()
    for comes, number in steps:
        if comes:
            line.add(Waiting(False, "order", float(number // 2), number, number))
            there.add(number)
        else:
            line.remove(number)
            there.discard(number)
        assert len(line) == len(there)
        assert (line.head.conversation if line.head else None) == min(there, default=None)
