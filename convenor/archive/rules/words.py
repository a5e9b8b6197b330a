"""The page that lies on top of an archive, for whoever opens it in twenty years."""

from __future__ import annotations

from convenor.archive.rules.form import Contents

WORDS = """Everything that {name} holds in Convenor
{line}

Made on {day} with {made_with}. {rows:,} rows of {tables} tables.

tables/     one spreadsheet (CSV, UTF-8) for each table: open these. Words that would be run as a formula begin with an apostrophe.
papers/     the partnership's documents, each named by its SHA-256; tables/papers.paper.csv says which is which.
rows/       the same rows as tables/, one line of JSON each, exactly as they stand: what another installation of Convenor reads.
{published}archive.json
            what is here: every file with its length and SHA-256, every table with its columns, what was left behind and why.

To go on working with it: on a new installation of Convenor, run

    convenor archive load THIS-FILE

It loads whole or not at all, with the keys the rows bear here, since notes and plans refer to them. Everybody signs in again by a link
to their address: passwords, passkeys, second factors and the codes of rooms are made anew there and are in no archive. Letters that
were not sent yet, and files that were read in, stayed behind.

This file holds personal data and what schools said in confidence. Keep it as you would keep the papers, and delete it when it has served.
"""

PUBLISHED = "published/  what all partnerships share: published registers and figures, and each edition as Parquet.\n"
NOT_PUBLISHED = (
    "            Published registers and figures are not in it: the installation that loads it must hold the same editions "
    "(see archive.json).\n"
)


def readme(contents: Contents) -> str:
    """The words, for one archive."""
    name = contents.name
    own = [each for each in contents.tables if each.rows]
    return WORDS.format(
        name=name, line="=" * (len(name) + 34), day=contents.made[:10], made_with=contents.made_with,
        rows=sum(each.rows for each in own), tables=len(own), published=PUBLISHED if contents.published else NOT_PUBLISHED,
    )  # fmt: skip
