"""The picture of a diamond: where its marks stand, and that names fit their cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.diamond_picture import NARROW, WIDE, Marked, Size, diamond_picture, text_width, wrapped


def marked(name: str = "Trust", mean: float = 5.0, low: float = 2.5, high: float = 7.5) -> Marked:
    """One card to draw."""
    return Marked(name, mean, low, high, f"{name}, mean rank {mean}")


def rows(**more: Marked) -> list[list[Marked]]:
    """Nine cards in their rows, named after their places, but for those given."""
    return [
        [more.get(f"r{row}{place}", marked(f"Card {row}{place}")) for place in range(size)] for row, size in enumerate((1, 2, 3, 2, 1), 1)
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_cards_stand_within_the_picture_and_none_on_another(size: Size) -> None:
    drawn = diamond_picture(rows(), size=size)
    boxes = [(card.x, card.y, card.x + drawn.card, card.y + drawn.card_height) for card in drawn.cards]
    assert min(left for left, *_ in boxes) >= 0
    assert max(right for *_, right, _ in boxes) <= drawn.width
    assert max(foot for *_, foot in boxes) <= drawn.height
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for n, a in enumerate(boxes) for b in boxes[:n]]
    assert (len(apart), all(apart)) == (36, True)


def test_rows_are_centred() -> None:
    drawn = diamond_picture(rows())
    middles = {row: {round((card.x + drawn.card / 2), 1) for card in drawn.cards if card.row == row} for row in range(1, 6)}
    assert {row: round(sum(each) / len(each), 1) for row, each in middles.items()} == dict.fromkeys(range(1, 6), drawn.width / 2)


@given(st.floats(1, 9), st.floats(1, 9), st.floats(1, 9))
def test_mean_and_middle_half_stand_on_the_line_in_proportion(mean: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    card = diamond_picture(rows(r10=marked("Trust", mean, low, high))).cards[0]
    assert card.start <= card.low <= card.high <= card.end
    assert card.mean == pytest.approx(card.start + (mean - 1) / 8 * (card.end - card.start), abs=0.06)


def test_ranks_beyond_the_scale_stand_at_its_ends() -> None:
    card = diamond_picture(rows(r10=marked("Trust", 0.0, -1.0, 12.0))).cards[0]
    assert (card.mean, card.low, card.high) == (card.start, card.start, card.end)


def test_picture_is_said_in_words_row_by_row() -> None:
    says = diamond_picture(rows(), top="Strength", bottom="Most to improve").says
    assert says.startswith(
        "A diamond of nine cards in five rows. Row 1 (strength): Card 10, mean rank 5.0. Row 2: Card 20, mean rank 5.0; "
    )
    assert says.endswith("Row 5 (most to improve): Card 50, mean rank 5.0.")


@pytest.mark.parametrize("size", [WIDE, NARROW])
@given(name=st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"]), min_size=1, max_size=40))
def test_any_name_keeps_within_its_card(size: Size, name: str) -> None:
    card = diamond_picture(rows(r10=marked(name)), size=size).cards[0]
    assert len(card.names) <= size.lines
    assert max(text_width(line.text, card.type_size) for line in card.names) <= size.card - 8
    assert card.y < card.names[0].y
    assert card.names[-1].y < card.line


def test_short_name_is_large_and_long_one_is_smaller_and_ends_in_dots_at_last() -> None:
    def drawn(name: str) -> tuple[float, list[str]]:
        card = diamond_picture(rows(r10=marked(name)), size=NARROW).cards[0]
        return card.type_size, [line.text for line in card.names]

    assert drawn("Trust") == (13.5, ["Trust"])
    assert drawn("Contributions") == (12.5, ["Contributions"])
    size, lines = drawn("Widdershins wondrously womanly Wimbledonians")
    assert (size, lines[-1][-1]) == (11, "…")


def test_words_are_wrapped_and_a_long_word_is_broken() -> None:
    assert wrapped("Local authority", 60, 12) == ["Local", "authority"]
    assert "".join(wrapped("Donaudampfschifffahrtsgesellschaft", 60, 12)).replace("-", "") == "Donaudampfschifffahrtsgesellschaft"


def test_rows_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"not of the shape 1-2-3-2-1: \[1, 2, 3, 2\]"):
        diamond_picture(rows()[:4])
