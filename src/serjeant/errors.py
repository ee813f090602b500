"""The errors that a person sees: one line that says what, where, and what to do next.

Bad data is never one of these: it is a counted row. Builtin exceptions serve wherever nobody needs
to catch the difference.

    SerjeantError          anything that ends the command with exit status 2
     ├─ UsageError         the command or the settings are wrong
     └─ UnreadableError    an input, or the place to write to, cannot be used
"""


class SerjeantError(Exception):
    """A failure told in one line.

    :param what: what went wrong, as a sentence without a full stop
    :param where: ``file`` or ``file:line``, where there is one
    :param hint: what to do next, as an instruction
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}; {self.hint}" if self.hint else line


class UsageError(SerjeantError):
    """The command line or a setting is wrong."""


class UnreadableError(SerjeantError):
    """An input, or the place that the answer goes to, cannot be used."""
