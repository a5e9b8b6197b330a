"""Writes `docs/rules` from the told rules: `python -m tests.spec`."""

from tests.spec.pages import PAGES, pages

PAGES.mkdir(exist_ok=True)
made = pages()
for left_over in {file.name for file in PAGES.glob("*.md")} - made.keys():
    (PAGES / left_over).unlink()
for name, text in made.items():
    (PAGES / name).write_text(text)
print(f"{len(made)} pages written to {PAGES.relative_to(PAGES.parent.parent)}")
