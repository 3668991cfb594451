"""Several programs in one terminal: their lines one below the other, and all of them gone at the end.

One thread does everything, because the kernel ties a child's life to the thread that started it.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self, TextIO

from rivet.development import processes

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
COLOURS = (36, 33, 35, 32, 34)
TICK = 0.1
PATIENCE = 15.0  # a worker first brings the call it is in to an end
FIRST_WORDS = 20_000
LIVED_LONG = 10.0  # a program that ended sooner would only do so again


class StoppedError(Exception):
    """Somebody asked us to stop."""


class ProgramEndedError(RuntimeError):
    pass


@dataclass(kw_only=True)
class Program:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    pipe: int
    prefix: str
    started_at: float
    unfinished_line: bytes = b""
    first_words: str = ""

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def has_said(self, words: str) -> bool:
        """Whether it printed `words` among its first lines, for programs that nothing can be asked of."""
        return words in self.first_words

    @property
    def ending(self) -> str:
        code = self.process.returncode
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


@dataclass(kw_only=True)
class Supervisor:
    cwd: Path
    output: TextIO = field(default_factory=lambda: sys.stdout)
    _programs: list[Program] = field(default_factory=list)
    _selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)
    _requests_to_stop: int = 0

    def __enter__(self) -> Self:
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._selector.close()
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def start(self, name: str, *command: str | Path) -> Program:
        parts = [str(part) for part in command]
        pipe, its_end = os.pipe()
        process = processes.spawn(parts, output=its_end, cwd=self.cwd)
        os.close(its_end)
        os.set_blocking(pipe, False)
        program = Program(
            name=name,
            command=parts,
            process=process,
            pipe=pipe,
            prefix=self._prefix(name, COLOURS[len(self._programs) % len(COLOURS)]),
            started_at=time.monotonic(),
        )
        self._programs.append(program)
        self._selector.register(pipe, selectors.EVENT_READ, program)
        return program

    def run(self, name: str, *command: str | Path) -> None:
        """Run a program to its end. Raises ProgramEndedError if it failed."""
        program = self.start(name, *command)
        while program.is_running:
            self._pump(TICK)
        self._forget(program)
        if program.process.returncode:
            raise ProgramEndedError(f"{name} {program.ending}; its last lines are above.")

    def await_ready(self, program: Program, is_ready: Callable[[], bool], *, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not is_ready():
            if not program.is_running:
                self._forget(program)
                raise ProgramEndedError(f"{program.name} {program.ending}; its last lines are above.")
            if time.monotonic() > deadline:
                raise ProgramEndedError(f"{program.name} does not answer after {patience:.0f} s.")
            self._pump(TICK)

    def watch(self) -> None:
        """Show what the programs say until somebody asks to stop (StoppedError).

        A program that somebody killed is started again; one that ends soon after its start has a fault that
        another start would not mend (ProgramEndedError).
        """
        while True:
            self._pump(TICK)
            for program in [each for each in self._programs if not each.is_running]:
                self._forget(program)
                if time.monotonic() - program.started_at < LIVED_LONG:
                    raise ProgramEndedError(f"{program.name} {program.ending}; its last lines are above.")
                self.say(f"{program.name} {program.ending}; starting it again")
                self.start(program.name, *program.command)

    def stop(self) -> None:
        """All at once, and while they end their words are still read: a full pipe would hold them."""
        for program in self._programs:
            if program.is_running:
                program.process.terminate()
        deadline = time.monotonic() + PATIENCE
        while any(program.is_running for program in self._programs):
            if time.monotonic() > deadline or self._requests_to_stop > 1:
                break
            self._pump(TICK)
        for program in list(self._programs):
            processes.kill_group(program.process)
            self._forget(program)

    def say(self, text: str) -> None:
        self.output.write(text + "\n")
        self.output.flush()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first time, unwind from wherever we are; then we are stopping, and more only hurries it."""
        self._requests_to_stop += 1
        if self._requests_to_stop == 1:
            raise StoppedError

    def _pump(self, timeout: float) -> None:
        """Pass on what programs printed, waiting at most `timeout` seconds for something."""
        if not self._selector.get_map():
            time.sleep(timeout)
            return
        for key, _ in self._selector.select(timeout):
            self._read(key.data)

    def _read(self, program: Program) -> None:
        try:
            chunk = os.read(program.pipe, 65_536)
        except BlockingIOError:
            return
        if not chunk:
            self._selector.unregister(program.pipe)
            return
        *lines, program.unfinished_line = (program.unfinished_line + chunk).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            if len(program.first_words) < FIRST_WORDS:
                program.first_words += text + "\n"
            self.say(program.prefix + text)

    def _forget(self, program: Program) -> None:
        """A program that has ended: show its last words, end what it may have left behind."""
        processes.stop(program.process)
        if program.pipe in self._selector.get_map():
            self._read(program)
        if program.pipe in self._selector.get_map():
            self._selector.unregister(program.pipe)
        os.close(program.pipe)
        if program.unfinished_line:
            self.say(program.prefix + program.unfinished_line.decode(errors="replace"))
        self._programs.remove(program)

    def _prefix(self, name: str, colour: int) -> str:
        padded = f"{name:<8}| "
        has_colour = self.output.isatty() and "NO_COLOR" not in os.environ
        return f"\x1b[{colour}m{padded}\x1b[0m" if has_colour else padded
