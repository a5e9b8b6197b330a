"""The `convenor` command: the operator's tool and the analyst's.

Exit status: 0 when done, 1 when the input was refused (with the reason and the remedy), 2 for wrong usage.
The names and shapes of its commands are fixed, since other programs are written against them.
"""

import os
import pathlib
import sys

#: Words of our command line that are spelt otherwise as Python modules.
SPELT = {"move-in": "move_in"}


def main(arguments: list[str] | None = None) -> None:
    """Run one command. `arguments` are the words after the program's name; by default the shell's."""
    words = list(sys.argv if arguments is None else ["convenor", *arguments])
    if len(words) > 1:
        words[1] = SPELT.get(words[1], words[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    if words[1:2] == ["demo"]:
        from convenor.web.demonstration.ground import lay

        lay(pathlib.Path(__file__).resolve().parent.parent)
        os.environ["CONVENOR_DEMONSTRATION"] = "1"
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has had enough, as `head` has: that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
