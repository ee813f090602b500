"""interrupt: Ctrl-C ends the command with one line, whatever was going on."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import click

EXIT_INTERRUPTED: Final = 130


@contextmanager
def interruptible() -> Iterator[None]:
    """Exit status 130 when Ctrl-C was pressed.

    An interrupt does not always arrive as one: where it falls into a library, that may make an error of its own of it.
    """
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.default_int_handler(number, frame)

    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not so under nohup
    if listens:
        signal.signal(signal.SIGINT, press)
    try:
        yield
    except BaseException as error:
        if not pressed and not isinstance(error, KeyboardInterrupt):
            raise
        click.echo("serjeant: interrupted; nothing is lost, run it again and it goes on", err=True)
        sys.exit(EXIT_INTERRUPTED)
    finally:
        if listens:
            signal.signal(signal.SIGINT, signal.default_int_handler)
