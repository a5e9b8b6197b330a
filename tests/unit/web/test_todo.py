"""What is put before somebody: three things at most, in an order that never depends on chance."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from convenor.web import todo
from convenor.web.todo import Door, Entry, Thing, Weight, Work, choose, year_wheel

TODAY = date(2026, 11, 21)


def thing(key, weight=Weight.OPEN, by_on=None, minutes=2):
    return Thing(key, key, "", minutes, (Door("Go", "/"),), weight, by_on)


def test_overdue_comes_before_what_is_dated_before_what_is_open():
    found = choose([thing("worth", Weight.WORTH), thing("open"), thing("dated", Weight.DATED, TODAY), thing("late", Weight.OVERDUE, TODAY)])
    assert [one.key for one in found.things] == ["late", "dated", "open"]
    assert found.waiting == 1


def test_earlier_dates_come_first():
    found = choose([thing("b", Weight.DATED, TODAY), thing("a", Weight.DATED, TODAY + timedelta(days=1))])
    assert [one.key for one in found.things] == ["b", "a"]


def test_lede_says_how_many_things_and_minutes():
    assert choose([]).lede == "Nothing needs you today."
    assert choose([thing("a", minutes=1)]).lede == "One thing, about a minute."
    assert choose([thing("a"), thing("b", minutes=3)]).lede == "Two things, about five minutes."
    assert choose([thing(key, minutes=5) for key in "abc"]).lede == "Three things, about 15 minutes."
    assert choose([thing(key) for key in "abcd"]).lede == "Three things, about six minutes. One more can wait."
    assert choose([thing(key) for key in "abcde"]).lede == "Three things, about six minutes. Two more can wait."


THINGS = st.lists(
    st.builds(
        thing,
        st.text("abcdef", min_size=1, max_size=4),
        st.sampled_from(Weight),
        st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        st.integers(1, 30),
    ),
    max_size=8,
    unique_by=lambda one: one.key,
)


@given(THINGS, st.randoms(use_true_random=False))
def test_choice_never_depends_on_the_order_given(things, chance):
    shuffled = list(things)
    chance.shuffle(shuffled)
    assert choose(things) == choose(shuffled)


@given(THINGS)
def test_nothing_is_lost_between_shown_and_waiting(things):
    found = choose(things)
    assert len(found.things) + found.waiting == len(things)
    assert len(found.things) <= todo.MOST


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 20), st.integers(0, 20), st.integers(0, 600))
def test_minutes_are_whole_and_never_less_than_the_work(words, letters, presses, choices, thought):
    work = Work(words, letters, presses, choices, thought)
    seconds = words * 0.3 + letters * 0.28 + presses * 1.5 + choices * 1.35 + thought
    assert work.minutes >= 1
    assert work.minutes * 60 >= seconds - 1e-6
    assert (work.minutes - 1) * 60 < max(seconds, 1)


def test_estimates_of_the_tasks_stay_minutes():
    tasks = (todo.HAND_OVER, todo.SUCCESSOR, todo.NOMINATE, todo.FACTS, todo.JOIN, todo.DECIDE, todo.FILL)
    assert [work.minutes for work in tasks] == [5, 1, 3, 2, 2, 3, 2]


def test_term_that_ends_asks_for_hand_over_and_successor_until_both_are_there():
    def keys(handed_over, successor):
        found = todo.term_things(
            title="Chair", body="Board", ends_on=TODAY, handed_over=handed_over, successor=successor, href="/", successor_href="/", key="7"
        )  # fmt: skip
        return [one.key for one in found]

    assert keys(False, False) == ["hand-over-7", "successor-7"]
    assert keys(True, False) == ["successor-7"]
    assert keys(False, True) == ["hand-over-7"]
    assert keys(True, True) == []


def test_call_is_no_task_once_a_name_is_put_forward():
    def call(mine):
        return todo.call_thing(title="Chair", body="Board", closes_on=TODAY, mine=mine, href="/", key="1")

    assert call(mine=True) is None
    assert call(mine=False).why == "Board. Names can be put forward until 21 November 2026, your own among them."


def test_new_figures_are_worth_a_look_for_six_weeks():
    def facts(days, edition="Results"):
        return todo.facts_thing(edition=edition, loaded_on=TODAY - timedelta(days=days), today=TODAY, href="/")

    assert facts(42).key == "facts"
    assert facts(43) is None
    assert facts(0, edition="") is None


def test_manager_reads_how_many_names_were_put_forward():
    def why(names):
        return todo.decide_thing(title="Chair", body="Board", closed_on=TODAY, names=names, href="/", key="1").why

    assert [why(0), why(1), why(3)] == [
        "Board. The call closed on 21 November 2026; no name was put forward.",
        "Board. The call closed on 21 November 2026; one name was put forward.",
        "Board. The call closed on 21 November 2026; 3 names were put forward.",
    ]


def test_empty_seats_are_counted_in_words():
    def why(empty):
        return todo.fill_thing(title="Heads", body="Board", empty=empty, href="/", key="1").why

    assert [why(1), why(2)] == [
        "A seat is empty on the Board, and no call is open.",
        "2 seats are empty on the Board, and no call is open.",
    ]


def test_joining_is_offered_by_the_schools_name():
    assert todo.join_thing(name="Fernhollow", partnership="Fernshire", href="/").title == "Say whether Fernhollow joins Fernshire"


def test_wheel_begins_in_september_and_marks_this_month():
    months = year_wheel(
        [Entry(date(2026, 12, 4), "call closes"), Entry(date(2026, 12, 1), "term ends"), Entry(date(2027, 9, 1), "next year")], TODAY
    )
    assert [month["name"] for month in months][:5] == ["September", "October", "November", "December", "January"]
    assert [month["name"] for month in months if month["now"]] == ["November"]
    assert [month["name"] for month in months if month["past"]] == ["September", "October"]
    assert [entry["label"] for entry in months[3]["entries"]] == ["1: term ends", "4: call closes"]
    assert sum(len(month["entries"]) for month in months) == 2


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_wheel_has_the_day_in_its_one_present_month(day):
    months = year_wheel([Entry(day, "today")], day)
    assert [len(month["entries"]) for month in months if month["now"]] == [1]


def test_days_on_which_much_falls_are_gathered_into_one_entry():
    few = todo.gathered([(TODAY, "term ends: a"), (TODAY, "term ends: b")], "terms end", "/")
    assert [entry.label for entry in few] == ["term ends: a", "term ends: b"]
    many = todo.gathered([(TODAY, str(number)) for number in range(3)] + [(date(2026, 12, 1), "x")], "terms end", "/")
    assert [(entry.on, entry.label) for entry in many] == [(TODAY, "3 terms end"), (date(2026, 12, 1), "x")]
