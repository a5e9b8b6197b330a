"""The `convenor` command: the operator's tool and the analyst's.

Exit status: 0 when done, 1 when the input was refused (with the reason and the remedy), 2 for wrong usage.
The names and shapes of its commands are fixed, since other programs are written against them.
"""

import os
import pathlib
import sys

#: Words of our command line that are spelt otherwise as Python modules.
SPELT = {"move-in": "move_in"}
#: Commands that work on any machine at once: the data directory, its key and, for all but the last line, its tables are made when missing.
READY_AT_ONCE = frozenset(
    ("load", "withdraw", "move_in", "context", "signals", "backtest", "similar", "structure", "impact", "invite", "unlock", "deliver",
     "match", "diamond", "plan", "restore", "archive")
)  # fmt: skip
WITHOUT_TABLES = frozenset(("match", "diamond", "plan", "restore"))


def main(arguments: list[str] | None = None) -> None:
    """Run one command. `arguments` are the words after the program's name; by default the shell's."""
    words = list(sys.argv if arguments is None else ["convenor", *arguments])
    if len(words) > 1:
        words[1] = SPELT.get(words[1], words[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    command = words[1] if len(words) > 1 else ""
    if command == "demo":
        os.environ["CONVENOR_DEMONSTRATION"] = "1"
    if command == "demo" or (command in READY_AT_ONCE and not {"-h", "--help"} & set(words)):
        from convenor.web.demonstration.ground import lay

        lay(pathlib.Path(__file__).resolve().parent.parent)
    try:
        _run(words, command)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has had enough, as `head` has: that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str], command: str) -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, get_commands

    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    if command and not command.startswith("-") and command not in {"help", "version", *get_commands()}:
        print(f"There is no command '{words[1]}'. `convenor help` lists them all.", file=sys.stderr)
        sys.exit(2)
    if command in READY_AT_ONCE - WITHOUT_TABLES and not {"-h", "--help"} & set(words):
        _prepare_empty_database()
    execute_from_command_line(words)


def _prepare_empty_database() -> None:
    """Makes the tables of a database that has none at all; one that is merely older is left to `convenor migrate` and to `serve`."""
    from django.core.management import call_command
    from django.db import connection

    if not connection.introspection.table_names():
        print("This database is new: making its tables ...", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


if __name__ == "__main__":
    main()
