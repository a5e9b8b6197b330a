"""Each law bites: breaches are planted in a scratch copy of the house, and every one must be named."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
COPIED = ("convenor", "tests/architecture", "tests/__init__.py", "tests/settings.py", "pyproject.toml", "requirements.txt", ".npmrc")

#: Where a line is added at the end of a file -> the line.
PLANTED = {
    "convenor/governance/actions.py": (
        "def forget(*, slug: str) -> None:\n    Priority.objects.select_for_update().filter(partnership__slug=slug)\n"
    ),
    "convenor/funding/actions.py": "from convenor.governance.models import Priority\n",
    "convenor/governance/queries.py": (
        "def wipe(*, viewer: object) -> None:\n    Priority.objects.filter().delete()\n\n\ndef all_of_it() -> None: ...\n"
    ),
    "convenor/partnership/rules/finding.py": "import datetime as clock\n\nSOON = clock.datetime.now()\n",
    "convenor/england/dates.py": "import django\n",
    "convenor/registers/models/areas.py": (
        "class Upward(models.Model):\n    body = models.ForeignKey('partnership.Body', on_delete=models.CASCADE)\n"
        "    class Meta:\n        app_label = 'registers'\n    class Privacy:\n        open = ('id',)\n"
        "        shared = personal = secret = ()\n"
        "    class Keeping:\n        period = 'for ever'\n        authority = ''\n"
    ),
    "convenor/journal/models.py": (
        "class Holding(models.Model):\n    letter = models.ForeignKey('post.Letter', on_delete=models.CASCADE)\n"
        "    class Privacy:\n        open = ('id', 'letter')\n        shared = personal = secret = ()\n"
        "    class Keeping:\n        period = 'for a long while'\n        authority = 'none that we know'\n"
    ),
    "convenor/web/urls.py": "from django.views import View\nurlpatterns += [path('silent/', View.as_view())]\n",
    "convenor/web/views/search.py": "from convenor.registers.actions.writing import write_rows\n",
    "convenor/web/words.py": "def long() -> None:\n" + "    print()\n" * 61,
    "requirements.txt": "# https://packages.example/simple\n",
}
#: The laws that must name a breach, whatever else they name.
BITTEN = {
    "test_foreign_keys_point_downwards",
    "test_history_letters_and_papers_hold_nothing_in_place",
    "test_every_page_names_its_permission",
    "test_every_action_says_who_and_when",
    "test_actions_are_reached_by_the_front_door",
    "test_rules_load_without_django",
    "test_every_field_is_classified_once",
    "test_every_table_has_a_keeping_rule",
    "test_only_the_web_reads_the_clock",
    "test_nothing_outgrows_its_budget",
    "test_queries_never_write",
    "test_queries_take_their_viewer",
    "test_a_lock_holds_only_the_row_that_it_names",
    "test_actions_write_only_their_own_tables",
    "test_no_lock_file_names_a_host",
}
#: Import contracts: what is planted, and the contract that it breaks.
IMPORTS = {
    "A feature knows only what lies beneath it": (
        "convenor/registers/rules/spelling.py",
        "def late() -> None:\n    from convenor.partnership import roles\n",
    ),
    "Inside a feature: views call actions and queries, which use models, which obey rules": (
        "convenor/governance/models.py",
        "import convenor.governance.queries\n",
    ),
    "Rules are pure Python": ("convenor/partnership/rules/vocabulary.py", "import django.conf\n"),
    "Views and forms reach tables only through queries and actions": (
        "convenor/web/views/home.py",
        "from convenor.partnership.models import Body\n",
    ),
}


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """A scratch copy of the house."""
    for name in COPIED:
        source, target = pathlib.Path(name), tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "static"))
        else:
            shutil.copy(source, target)
    shutil.copy("package-lock.json", tmp_path)
    return tmp_path


def plant(copy: pathlib.Path, where: str, what: str) -> None:
    with (copy / where).open("a") as file:
        file.write("\n\n" + what)


def run(copy: pathlib.Path, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "200"}
    return subprocess.run([sys.executable, *words], cwd=copy, env=env, capture_output=True, text=True, check=False).stdout


def test_every_law_names_the_breach_planted_against_it(copy: pathlib.Path) -> None:
    for where, what in PLANTED.items():
        plant(copy, where, what)
    said = run(copy, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "tests/architecture/test_house.py")
    failed = {re.split(r"[\[ ]", line.split("::")[1])[0] for line in said.splitlines() if line.startswith("FAILED")}
    assert BITTEN - failed == set(), said[-2000:]


def test_every_contract_of_import_names_the_breach_planted_against_it(copy: pathlib.Path) -> None:
    for where, what in IMPORTS.values():
        plant(copy, where, what)
    (copy / "convenor/common").mkdir()
    (copy / "convenor/common/__init__.py").write_text('"""A drawer."""\n')
    plant(copy, "convenor/post/rules.py", "import convenor.journal.rules\n")
    plant(copy, "convenor/journal/rules.py", "import convenor.post.rules\n")
    lint = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    said = run(copy, "-c", lint)
    broken = {line.removesuffix(" BROKEN").strip() for line in said.splitlines() if line.strip().endswith("BROKEN")}
    assert set(IMPORTS) - broken == set(), said[-3000:]
    assert re.search(r"common", said), "a folder that is not on the map is named"
    assert "No knots among siblings" in broken
