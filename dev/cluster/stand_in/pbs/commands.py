"""What all commands have in common."""

from __future__ import annotations

import getopt
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.jobs import number_of
from dev.cluster.stand_in.pbs.options import Refused
from dev.cluster.stand_in.wire import NotThere


def act(
    call: Call,
    command: str,
    request: Mapping[str, Any],
    identifiers: Sequence[str],
    words: Mapping[str, Any],
) -> Answer:
    """Asks the same of several jobs, and says what is wrong with each (Libcmds, prt_job_err)."""
    said = Answer()
    for identifier in identifiers:
        if not identifier[:1].isdigit():
            said.err += f"{command}: illegally formed job identifier: {identifier}\n"
            said.status = 1
            continue
        error = call.ask({**request, "number": number_of(identifier)}).get("error")
        if error is not None:
            text, code = words[error]
            said.err += f"{command}: {text} {identifier}\n"
            said.status = code % 256
    return said


def on_jobs(
    call: Call, command: str, does: str, letters: str, usage: str, words: Mapping[str, Any]
) -> Answer:
    try:
        _, operands = getopt.gnu_getopt(list(call.words), letters)
    except getopt.GetoptError:
        operands = []
    if not operands:
        raise Refused(usage, 2)
    return act(call, command, {"do": does}, operands, words)


def signal_jobs(call: Call, usage: str, words: Mapping[str, Any]) -> Answer:
    """qsig: TERM, or the signal that -s has by its name or number."""
    try:
        options, operands = getopt.gnu_getopt(list(call.words), "as:")
    except getopt.GetoptError:
        options, operands = [], []
    if not operands:
        raise Refused(usage, 2)
    name = dict(options).get("-s", "TERM").removeprefix("SIG")
    number = int(name) if name.isdigit() else getattr(signal, f"SIG{name}", None)
    if number is None:
        return Answer(err=f"qsig: Unknown/illegal signal name {operands[0]}\n", status=15013 % 256)
    return act(call, "qsig", {"do": "signal", "signal": int(number)}, operands, words)


def telling(
    commands: Iterable[Callable[[Call], Answer]],
    version: Callable[[Call], Answer],
    away: Callable[[str], Answer],
) -> dict[str, Callable[[Call], Answer]]:
    """The commands, by name, with what is said when they are refused, or when nobody listens."""

    def told(command: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        def tell(call: Call) -> Answer:
            if list(call.words) == ["--version"]:
                return version(call)
            try:
                return command(call)
            except Refused as refused:
                return refused.answer
            except NotThere:
                return away(command.__name__)

        return tell

    return {command.__name__: told(command) for command in commands}
