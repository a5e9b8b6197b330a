"""The laws of the house, over the app registry and the syntax tree."""

import ast
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import DateField, Model
from django.urls import URLPattern, URLResolver, get_resolver

from convenor.england.keeping import Clock, Keep

ROOT = pathlib.Path("convenor")


def layer_files(*names: str) -> list[pathlib.Path]:
    """Files of these faces in every feature: `rules.py` and each file of a package `rules/`."""
    return sorted(path for name in names for path in [*ROOT.glob(f"*/{name}.py"), *ROOT.glob(f"*/{name}/**/*.py")])


def tree(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text())


def ours() -> list[type[Model]]:
    """Our own tables; a history table repeats the fields of the table it follows and is held by that one's classes."""
    return [m for m in apps.get_models() if m._meta.app_label in settings.LAYERS and not m.__name__.startswith("Historical")]


def test_the_layers_of_the_settings_are_those_of_the_contract() -> None:
    import tomllib

    contract = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    named = [name.strip() for line in reversed(contract["layers"]) for name in line.split("|")]
    assert sorted(named) == sorted(settings.LAYERS)
    assert [n for n in named if n not in {"papers", "post", "journal"}] == [
        n for n in settings.LAYERS if n not in {"papers", "post", "journal"}
    ]


def test_foreign_keys_point_downwards() -> None:
    rank = {label: i for i, label in enumerate(settings.LAYERS)}
    bad = []
    for model in apps.get_models():
        here = model._meta.app_label
        for field in model._meta.get_fields():
            there = getattr(field.related_model, "_meta", None) if field.is_relation and field.concrete else None
            if there and here in rank and there.app_label in rank and rank[there.app_label] > rank[here]:
                bad.append(f"{model._meta.label}.{field.name} -> {there.app_label}")
    assert bad == []


@pytest.mark.parametrize("label", ["journal", "post", "papers"])
def test_history_letters_and_papers_hold_nothing_in_place(label: str) -> None:
    tables = apps.get_app_config(label).get_models()
    keys = [f"{table._meta.label}.{f.name}" for table in tables for f in table._meta.get_fields() if f.is_relation and f.concrete]
    assert keys == []


def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern


def test_every_page_names_its_permission() -> None:
    # allauth's own views, mounted for passwords, second factors and sessions, are open to their own person only; each has a test of that.
    silent = [
        str(p.pattern)
        for p in walk(get_resolver().url_patterns)
        if not hasattr(getattr(p.callback, "view_class", None), "permission") and not p.callback.__module__.startswith("allauth.")
    ]
    assert silent == []


def test_there_are_pages() -> None:
    assert len(list(walk(get_resolver().url_patterns))) > 10


def actions_of(feature: pathlib.Path) -> Iterator[tuple[pathlib.Path, ast.FunctionDef]]:
    """A feature's actions: the functions of `actions.py`, or those that the package `actions/` hands out by name."""
    if (feature / "actions.py").exists():
        yield from (
            (feature / "actions.py", node)
            for node in tree(feature / "actions.py").body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        )
    if not (feature / "actions").is_dir():
        return
    handed_out = {
        alias.name: node.module.rsplit(".", 1)[-1]
        for node in tree(feature / "actions/__init__.py").body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    for name, module in handed_out.items():
        path = feature / "actions" / f"{module}.py"
        yield from ((path, node) for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.name == name)


def test_every_action_says_who_and_when() -> None:
    found = [(path, node) for feature in sorted(ROOT.iterdir()) for path, node in actions_of(feature)]
    wrong = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in found
        if node.args.args or node.args.posonlyargs or not {"by", "at"} <= {a.arg for a in node.args.kwonlyargs}
    ]
    assert wrong == []
    assert len(found) > 20


def test_actions_are_reached_by_the_front_door() -> None:
    """A package's inner modules hold the workings of its actions; from outside the feature only what the package hands out is called."""
    back_doors = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(tree(path)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if ".actions." in module and module.split(".")[1] != path.parts[1]:
                back_doors.append(f"{path}:{node.lineno} {module}")
    assert back_doors == []


def test_rules_load_without_django() -> None:
    pure = [*layer_files("rules", "roles"), *ROOT.glob("england/**/*.py"), ROOT / "web/charts.py", ROOT / "web/drawing.py"]
    modules = sorted({".".join(p.with_suffix("").parts).removesuffix(".__init__") for p in pure})
    code = "import sys; sys.modules['django'] = None\n" + "\n".join(f"import {m}" for m in modules)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(modules) > 15


@pytest.mark.parametrize("model", ours(), ids=lambda m: m._meta.label)
def test_every_field_is_classified_once(model: type[Model]) -> None:
    privacy = model.Privacy  # type: ignore[attr-defined]
    assert {k for k in vars(privacy) if not k.startswith("_")} == {"open", "shared", "personal", "secret"}
    named = [name for k, names in vars(privacy).items() if not k.startswith("_") for name in names]
    fields = {f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    assert sorted(named) == sorted(fields)


@pytest.mark.parametrize("model", ours(), ids=lambda m: m._meta.label)
def test_every_table_has_a_keeping_rule(model: type[Model]) -> None:
    """In words for the people whose records these are, and as a rule that the machine follows (`convenor.england.keeping`)."""
    stated = model.Keeping  # type: ignore[attr-defined]
    assert {k for k in vars(stated) if not k.startswith("_")} == {"period", "authority", "rule"}
    assert all(isinstance(v, str) and len(v) > 8 for v in (stated.period, stated.authority))
    assert isinstance(stated.rule, Keep)


#: A period in words, and the clocks that may stand beside it.
WORDS_AND_CLOCKS = {
    "while the partnership lasts": {Clock.LASTING},
    "the publisher's own figures": {Clock.PUBLISHED},
    "the current year and six more": {Clock.SCHOOL_YEAR, Clock.FINANCIAL_YEAR},
    "six years from the end of the financial year": {Clock.FINANCIAL_YEAR},
}


@pytest.mark.parametrize("model", ours(), ids=lambda m: m._meta.label)
def test_a_keeping_rule_rests_on_fields_of_its_table_and_says_what_the_words_say(model: type[Model]) -> None:
    stated = model.Keeping  # type: ignore[attr-defined]
    rule = stated.rule
    kinds = {path: _field(model, path) for path in (*rule.since, *filter(None, (rule.ended, rule.named)), *rule.within)}
    assert [path for path in rule.since if not isinstance(kinds[path], DateField)] == []
    assert [path for path in rule.within if not (kinds[path].many_to_one or kinds[path].one_to_one)] == []
    assert rule.runs == bool(rule.since or rule.named)
    said = next((clocks for words, clocks in WORDS_AND_CLOCKS.items() if stated.period.startswith(words)), {rule.clock})
    assert (rule.clock in said, rule.years if "six" in stated.period and rule.runs else 6) == (True, 6)


def _field(model: type[Model], path: str) -> Any:
    """The field at the end of a path such as `package__ended_on`."""
    first, _, rest = path.partition("__")
    found = model._meta.get_field(first)
    return _field(found.related_model, rest) if rest else found  # type: ignore[arg-type]


CLOCK = {"now", "today", "utcnow", "localdate", "localtime", "time_ns"}


def test_only_the_web_reads_the_clock() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in [*layer_files("rules", "roles", "queries", "actions", "models", "sources"), *ROOT.glob("england/**/*.py")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK
    ]
    assert found == []


FILE_LINES, FUNCTION_LINES = 500, 60
EXCUSED: dict[str, str] = {}  # path -> why


def test_nothing_outgrows_its_budget() -> None:
    fat = []
    for path in [*ROOT.rglob("*.py"), *pathlib.Path("tests").rglob("*.py"), *pathlib.Path("bench").rglob("*.py")]:
        if "migrations" in path.parts or str(path) in EXCUSED:
            continue
        text = path.read_text()
        if text.count("\n") > FILE_LINES:
            fat.append(f"{path} {text.count(chr(10))}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES:
                fat.append(f"{path}:{node.lineno} {node.name}")
    assert fat == []


WRITES = {
    "create", "save", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "executemany",
    "select_for_update",
}  # fmt: skip


def test_queries_never_write() -> None:
    found = [
        f"{path}:{node.lineno} {node.func.attr}"
        for path in layer_files("queries")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        # a dictionary and a set have `update` too: only calls on something that looks like rows count
        and not (node.func.attr == "update" and isinstance(node.func.value, ast.Name | ast.Subscript))
    ]
    assert found == []


def test_a_lock_holds_only_the_row_that_it_names() -> None:
    """Without `of`, PostgreSQL holds every row that the filter joins, the partnership’s too, and two who do different things deadlock."""
    found = [
        f"{path}:{node.lineno}"
        for path in layer_files("actions")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update"
        if [each.arg for each in node.keywords] != ["of"]
    ]
    assert found == []


def test_actions_write_only_their_own_tables() -> None:
    found = []
    for path in layer_files("actions"):
        own = f"convenor.{path.parts[1]}.models"
        for node in ast.walk(tree(path)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            for name in [module, *names]:
                if name.startswith("convenor.") and ".models" in name and not name.startswith(own):
                    found.append(f"{path}:{node.lineno} imports {name}")
    assert found == []


def test_no_lock_file_names_a_host() -> None:
    named = []
    for path in [pathlib.Path(p) for p in ("requirements.txt", "package-lock.json", ".npmrc")]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "://" in line and '"url":' not in line and "funding" not in line:
                named.append(f"{path}:{number}")
    assert named == []


@pytest.mark.slow
def test_the_contracts_of_import_hold() -> None:
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


#: Reads that stand before there is a viewer, or that only make or help those that have one. Module or function -> why.
WITHOUT_VIEWER = {
    "convenor/archive/queries/tables.py": "which tables there are, not a row of them",
    "convenor/archive/queries/everything.py one_moment": "holds the moment, reads nothing",
    "convenor/archive/queries/everything.py in_order": "an order of keys",
    "convenor/archive/queries/everything.py papers_folder": "where documents are kept",
    "convenor/archive/queries/everything.py editions_folder": "where editions are kept",
    "convenor/archive/queries/everything.py known_tables": "which tables there are, not a row of them",
    "convenor/archive/queries/everything.py left_behind": "which tables there are, not a row of them",
    "convenor/archive/queries/reading.py key_of": "keys of rows for queries that have asked whether they may",
    "convenor/archive/queries/reading.py rows_of": "rows for queries that have asked whether they may",
    "convenor/archive/queries/reading.py read_rows": "rows for queries that have asked whether they may",
    "convenor/archive/queries/takings.py folder": "where archives are kept",
    "convenor/archive/queries/takings.py progress_file": "where the making of one says how far it is",
    "convenor/accounts/queries.py": "signing in: nobody is known yet, and the answer is the same for all",
    "convenor/partnership/queries/holdings.py": "makes the viewer",
    "convenor/partnership/queries/keys.py": "keys of rows for actions that have asked whether they may",
    "convenor/partnership/queries/whole.py": "the whole constitution, for queries and actions that then hide from their viewer",
    "convenor/partnership/queries/constitution.py schools_named": "URNs that a file names, before it is held against the register",
    "convenor/partnership/queries/drawn.py longest": "arithmetic on what is drawn",
    "convenor/partnership/queries/members.py broad_type": "a word for a type",
    "convenor/funding/queries.py left_pence": "a sum for actions that have asked whether they may",
    "convenor/governance/queries.py decision_standing": "whose decision and when, for actions that have asked whether they may",
    "convenor/governance/queries.py priority_exists": "a yes or no for actions that have asked whether they may",
    "convenor/intelligence/queries/entered.py responses_to": "rows that its caller has asked for, in the words of a page",
    "convenor/intelligence/queries/entered.py answer_of": "one row as the rule knows it",
    "convenor/intelligence/queries/entered.py signal_of": "one row as the rule knows it",
    "convenor/peer_review/queries/evidence.py device_key": "made of a number, read from nowhere",
    "convenor/records/queries/reach.py": "paths of keys between tables, read from the registry of tables",
    "convenor/records/queries/retention.py": "conditions for the deleting, which nobody signed in sets off; `what_goes` takes its viewer",
    "convenor/records/queries/held.py goes": "a rule in words",
    "convenor/records/queries/requests.py in_words": "a day in words",
    "convenor/records/queries/requests.py stops_of": "rows as the rule knows them",
    "convenor/registers/queries/readings.py says": "a word for a mark",
    "convenor/registers/queries/schools.py forget_editions": "forgets what was remembered of published data",
    "convenor/registers/queries/search.py forget": "forgets what was remembered of published data",
}


def test_queries_take_their_viewer() -> None:
    """What a page reads begins from a query that knows its reader; who may see what is held by the table of access, page by page."""
    without = [
        f"{path} {node.name}"
        for path in layer_files("queries")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "viewer" not in {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
    ]
    assert [each for each in without if each not in WITHOUT_VIEWER and each.split()[0] not in WITHOUT_VIEWER] == []
