"""Which MPI ranks have ended by themselves, as their launcher says: the first, as it ends the others."""

from __future__ import annotations

import re
import signal

from .nodes import EngineEnd

SIGNALS = {signal.strsignal(number): int(number) for number in signal.valid_signals()}
SIGNALS["Out Of Memory"] = int(signal.SIGKILL)  # as the kernel ends who takes too much

SRUN = re.compile(
    r"^srun: error: (\S+): tasks? ([\d,-]+): (.+?)(?: \(core dumped\))?$", re.MULTILINE
)
# Open MPI, whose mpirun breaks lines.
PRTE_SIGNAL = re.compile(
    r"noticed that process rank (\d+) with PID \d+ on node (\S+) exited on\s+signal (\d+)"
)
PRTE_CODE = re.compile(
    r"first process to do so was:\s+Process name:\s+\[.*,(\d+)\]\s+Exit code:\s+(\d+)"
)
# MPICH and Intel MPI, in a box.
HYDRA = re.compile(
    r"^=\s+(?:RANK \d+ )?PID (\d+) RUNNING AT (\S+)\s+^=\s+(?:EXIT CODE|KILLED BY SIGNAL): \d+"
    r"(?:.*\n)+?.*EXIT STRING: .*\(signal (\d+)\)",
    re.MULTILINE,
)


def rank_words(engine: int, process: int, share: object) -> str:
    """What a rank says of itself before it is an engine."""
    return f"engine {engine} is process {process}: {share}"


def rank_ends(text: str, by_srun: bool) -> dict[int, EngineEnd]:
    """The engines that have ended, each with how; empty where the launcher does not say it for certain.

    `by_srun`: whether ranks are its tasks. An mpiexec may have it start one process a node, whose ends are none of ranks.
    """
    if by_srun:
        srun = SRUN.search(text)
        end = srun and srun_end(srun[1], srun[3])
        return dict.fromkeys(numbers(srun[2]), end) if srun and end else {}
    by_signal = PRTE_SIGNAL.search(text)
    if by_signal:
        return {int(by_signal[1]): EngineEnd(by_signal[2], signal=int(by_signal[3]))}
    by_code = PRTE_CODE.search(text)
    if by_code:
        return {int(by_code[1]): EngineEnd(status=int(by_code[2]))}
    hydra = HYDRA.search(text)
    # By KILL it ends the others, and may name one of these.
    if hydra and int(hydra[3]) != signal.SIGKILL:
        named = re.findall(rf"^.*engine (\d+) is process {hydra[1]}: ", text, re.MULTILINE)
        if len(named) == 1:
            return {int(named[0]): EngineEnd(hydra[2], signal=int(hydra[3]))}
    return {}


def srun_end(node: str, said: str) -> EngineEnd | None:
    """`Killed` or `Exited with exit code 3` as an EngineEnd; None for words that are not known here."""
    code = re.fullmatch(r"Exited with exit code (\d+)", said)
    if code:
        return EngineEnd(node, status=int(code[1]))
    return EngineEnd(node, signal=SIGNALS[said]) if said in SIGNALS else None


def numbers(text: str) -> list[int]:
    """`2-4,7` as [2, 3, 4, 7]."""
    found: list[int] = []
    for word in text.split(","):
        first, _, last = word.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
