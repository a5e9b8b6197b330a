"""What a journey asks of a person: pages, taps, typed characters, and the minutes that these make.

The browser itself counts, so that no journey has to be written for it: every trusted press of a control, every character that
came into a field (a field filled in by us, or by the page, counts nothing until the person changes it), every page that was opened.
Minutes are those of the keystroke-level model as `web/todo.py` has it, by the figures of Card, Moran and Newell (1980): a thought
before each press and each field, a press, a keystroke for each character. Reading is told apart, each line of each page once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from convenor.web.todo import KEYSTROKE, POINTING, THINKING, WORDS_READ_A_MINUTE

#: Runs in the page before its own scripts. `fill` of the browser driver sends one input event for many characters, so that the
#: length of what came in is counted, not the number of keys. A press of a label presses its box too: that is one press. A control
#: pressed by the keyboard is one press as well; Tab and the arrows on the way to it are part of pointing at it.
COUNTING = """
(() => {
  if (window.top !== window) return;
  const tell = (what, many) => window.countEffort && window.countEffort(what, many);
  const before = new WeakMap();
  const kinds = ['text', 'search', 'email', 'number', 'date', 'time'];
  const typed = (e) => e.matches && (e.matches('textarea') || (e.matches('input') && kinds.includes(e.type)));
  const lines = () => { const main = document.querySelector('main'); return main ? main.innerText.split('\\n') : []; };
  let follows = null;
  document.addEventListener('focusin', (e) => {
    if (typed(e.target) && !before.has(e.target)) before.set(e.target, e.target.value);
  }, true);
  document.addEventListener('input', (e) => {
    if (!typed(e.target)) return;
    const was = before.has(e.target) ? before.get(e.target) : e.target.defaultValue, now = e.target.value;
    if (now === was) return;
    let head = 0, tail = 0;
    while (head < Math.min(was.length, now.length) && was[head] === now[head]) head += 1;
    while (tail < Math.min(was.length, now.length) - head && was[was.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
    if (!before.has(e.target) || !e.target.countedAsField) { e.target.countedAsField = true; tell('fields', 1); }
    tell('characters', Math.max(now.length - head - tail, 1));
    before.set(e.target, now);
  }, true);
  document.addEventListener('click', (e) => {
    const control = e.target.closest('a, button, input, select, summary, label, [role=button]');
    if (!e.isTrusted || !control || typed(control)) return;
    const same = follows !== null && e.target === follows;
    follows = control.matches('label') ? control.control : null;
    if (!same) tell('taps', 1);
  }, true);
  document.addEventListener('change', (e) => { if (e.target.matches('select')) tell('taps', 1); }, true);
  document.addEventListener('DOMContentLoaded', () => { tell('pages', 1); tell('lines', lines()); });
  window.linesOfPage = lines;
})();
"""


@dataclass
class Effort:
    """The effort of one task. `fields` are those typed into; the words read are those of lines that the person had not seen before."""

    name: str
    pages: int = 0
    taps: int = 0
    fields: int = 0
    characters: int = 0
    words: int = 0
    _seen: set[str] = field(default_factory=set, repr=False)

    @property
    def minutes(self) -> float:
        """Doing, without reading: a thought and a press for each tap and each field, a keystroke for each character."""
        return ((self.taps + self.fields) * (THINKING + POINTING) + self.characters * KEYSTROKE) / 60

    @property
    def minutes_with_reading(self) -> float:
        """Doing, and reading every new line of every page at the pace of a careful reader."""
        return self.minutes + self.words / WORDS_READ_A_MINUTE

    def add(self, what: str, many: Any) -> None:
        """Counts what the browser tells of."""
        if what == "lines":
            self.read(many)
        else:
            setattr(self, what, getattr(self, what) + int(many))

    def read(self, lines: Iterable[str]) -> None:
        """Counts the words of those lines that were not on a page before."""
        fresh = {line.strip() for line in lines} - self._seen - {""}
        self._seen |= fresh
        self.words += sum(len(line.split()) for line in fresh)

    def row(self) -> str:
        """One row of the table of minutes, as Markdown."""
        return (
            f"| {self.name} | {self.pages} | {self.taps} | {self.characters} | {self.words} | {self.minutes:.1f} | "
            f"{self.minutes_with_reading:.1f} |"
        )


HEADER = (
    "| task | pages | taps | characters typed | new words on the pages | minutes of doing | with reading every word |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def total(name: str, efforts: Iterable[Effort]) -> Effort:
    """Several tasks as one."""
    whole = Effort(name)
    for each in efforts:
        for what in ("pages", "taps", "fields", "characters", "words"):
            whole.add(what, getattr(each, what))
    return whole


def write_down(done: Mapping[str, Iterable[Effort]], where: str) -> None:
    """Keeps the counts of each person in a file, for `bench/minutes.py`; nothing where no file is named."""
    if where:
        names = ("name", "pages", "taps", "fields", "characters", "words")
        found = {who: [{name: getattr(each, name) for name in names} for each in some] for who, some in done.items()}
        Path(where).write_text(json.dumps(found, indent=1), encoding="utf-8")


@contextmanager
def effort(page: Page, name: str, *, into: list[Effort] | None = None) -> Iterator[Effort]:
    """Counts what is done on the page while the block runs, as one task of this name: blocks of one name are joined.

    `into` is one person's list: a line that stood on a page of an earlier task of theirs is not read again. The page must have been
    prepared by `counting`.
    """
    counted = next((each for each in into or [] if each.name == name), None) or Effort(name, _seen=into[0]._seen if into else set())
    page.__dict__["_effort"] = counted
    try:
        yield counted
        counted.read(page.evaluate("window.linesOfPage ? window.linesOfPage() : []"))
    finally:
        page.__dict__.pop("_effort", None)
    if into is not None and counted not in into:
        into.append(counted)


def counting(page: Page) -> Page:
    """Prepares a page so that `effort` can count on it."""

    def count(what: str, many: Any) -> None:
        counted = page.__dict__.get("_effort")
        if counted is not None:
            counted.add(what, many)

    page.expose_function("countEffort", count)
    page.add_init_script(COUNTING)
    return page
