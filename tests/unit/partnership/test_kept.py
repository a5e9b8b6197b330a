"""What has been drawn once is not drawn again, and the least lately used is let go."""

from convenor.partnership.views.kept import Kept


def test_text_is_made_once_for_each_key() -> None:
    kept, made = Kept(at_most=2), []

    def text(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or f"§ {key}")  # type: ignore[func-returns-value]

    assert [text("a"), text("b"), text("a"), text("c"), text("a"), text("b")] == ["§ a", "§ b", "§ a", "§ c", "§ a", "§ b"]
    assert made == ["a", "b", "c", "b"]
