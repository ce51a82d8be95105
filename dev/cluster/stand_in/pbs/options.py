"""What qsub is asked for, on its command line and in a script's directives."""

from __future__ import annotations

import getopt
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.jobs import KINDS

# What qsub takes along of its own environment (qsub.c, job_env_basic).
TAKEN = ("HOME", "LANG", "LOGNAME", "PATH", "MAIL", "SHELL", "TZ")


class Refused(Exception):
    """An order that is not carried out: what is said, and the command's status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.answer = Answer(err=f"{text.removesuffix(chr(10))}\n", status=status % 256)


@dataclass
class Asked:
    """What qsub was asked for."""

    options: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    """Of -W."""
    script: str = ""
    name: str = "STDIN"


def read_job(call: Call, letters: str, usage: str) -> Asked:
    """The script with its directives, over which the command line wins (qsub.c); raises Refused."""
    try:
        options, operands = getopt.gnu_getopt(list(call.words), letters)
    except getopt.GetoptError as error:
        raise Refused(f"{unknown_option('qsub', error)}{usage}", 2) from None
    if len(operands) > 1:
        raise Refused(usage, 2)
    line, asked = Asked(), Asked(script=script_of(operands, call))
    for letter, value in options:
        take(line, letter[1], value)
    prefix = line.options.get("C", call.environ.get("PBS_DPREFIX", "#PBS"))
    for directive in directives(asked.script, prefix):
        try:
            options, left = getopt.getopt(shlex.split(directive), letters)
        except (ValueError, getopt.GetoptError):
            options, left = [], ["?"]
        if left:
            raise Refused(f"qsub: directive error: {' '.join(directive.split())} ", 1)
        of_line = Asked()
        for letter, value in options:
            take(of_line, letter[1], value)
        # Of resources in directives the first one counts (set_resource.c).
        asked.resources = of_line.resources | asked.resources
        asked.options |= of_line.options
        asked.attributes |= of_line.attributes
    asked.resources |= line.resources
    asked.options |= line.options
    asked.attributes |= line.attributes
    named = operands[0].rpartition("/")[2] if operands and operands[0] != "-" else "STDIN"
    asked.name = asked.options.get("N", named)
    return asked


def unknown_option(command: str, error: getopt.GetoptError) -> str:
    """As getopt(3) says it."""
    what = "option requires an argument" if "requires" in error.msg else "invalid option"
    return f"{command}: {what} -- '{error.opt}'\n"


def script_of(operands: Sequence[str], call: Call) -> str:
    if not operands or operands[0] == "-":
        text = call.read()
    else:
        try:
            with open(operands[0], newline="") as file:
                text = file.read()
        except OSError as error:
            # perror(3) says it so (qsub.c, read_job_script).
            raise Refused(f"qsub: script file:: {error.strerror}", 1) from None
    if "\r\n" in text:
        raise Refused("qsub: script contains cr, lf", 1)
    return text


def directives(text: str, prefix: str) -> Iterable[str]:
    """The words behind the prefix, until the first line that does something (qsub_sup.c, get_script)."""
    lines = iter(text.splitlines())
    for line in lines:
        if prefix and line.lstrip().startswith(prefix):
            while line.rstrip().endswith("\\"):
                line = line.rstrip()[:-1] + next(lines, "")
            yield line.lstrip()[len(prefix) :]
        elif line.strip() and not line.lstrip().startswith("#") and not line.startswith(":"):
            return


def take(asked: Asked, letter: str, value: str) -> None:
    if letter == "l":
        for part in re.split(r",(?=\s*[A-Za-z_]\w*\s*(?:=|,|$))", value):
            name, _, amount = part.partition("=")
            asked.resources[name.strip()] = amount.strip()
    elif letter == "W":
        for part in re.split(r",(?=\w+=)", value):
            name, _, amount = part.partition("=")
            asked.attributes[name.strip()] = amount.strip()
    else:
        asked.options[letter] = value


def variables(call: Call, asked: Asked, queue: str) -> dict[str, str]:
    """The job's own: PBS_O_ ones, all of the shell's with -V, and those of -v."""
    found = dict(call.environ) if "V" in asked.options else {}
    found |= {f"PBS_O_{name}": call.environ[name] for name in TAKEN if name in call.environ}
    found |= {
        "PBS_O_WORKDIR": call.directory,
        "PBS_O_SYSTEM": "Linux",
        "PBS_O_QUEUE": queue,
        "PBS_O_HOST": call.host,
    }
    for part in given_variables(asked.options.get("v", "")):
        name, has_value, value = part.partition("=")
        if not has_value and name not in call.environ:
            raise Refused("qsub: cannot send environment with the job", 1)
        found[name] = value if has_value else call.environ[name]
    return found


def given_variables(text: str) -> list[str]:
    """The parts of -v: quotes or a backslash protect a comma, and are no part of the value (qsub.c, copy_env_value)."""
    parts, quote, here = [""], "", 0
    while here < len(text):
        character, here = text[here], here + 1
        if character in "\"'" and quote in ("", character):
            quote = "" if quote else character
        elif character == "\\" and text[here : here + 1] == ",":
            parts[-1], here = f"{parts[-1]},", here + 1
        elif character == "," and not quote:
            parts.append("")
        else:
            parts[-1] += character
    if quote:
        raise Refused("qsub: cannot send environment with the job", 1)
    return [part for part in parts if part]


def output_paths(asked: Asked, call: Call) -> dict[str, str]:
    """Where -o and -e want output, as `host:path`; a folder ends with a slash (prepare_path.c)."""
    paths = {}
    for letter, name in KINDS.items():
        given = asked.options.get(letter, f"{call.directory}/")
        host, has_host, path = given.rpartition(":")
        if not path.startswith("/"):
            path = f"{call.directory}/{path}"
        paths[name] = f"{host if has_host else call.host}:{path}"
    return paths
