"""cli: the command ``serjeant``. Only click is imported at the start; each verb imports what it needs when it runs."""

import errno
import sys

import click

from serjeant import __version__
from serjeant.cli.act import act
from serjeant.cli.door import door
from serjeant.cli.explain import explain
from serjeant.cli.formats import detectors, formats
from serjeant.cli.interrupt import interruptible
from serjeant.cli.investigate import investigate
from serjeant.cli.ledger import ledger
from serjeant.cli.logins import logins
from serjeant.cli.measures import measures
from serjeant.cli.plan import plan, whatif
from serjeant.cli.prove import prove
from serjeant.cli.simulate import simulate
from serjeant.errors import SerjeantError


class Verbs(click.Group):
    """The verbs, in the order of the questions; errors are one line and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Runs a verb."""
        try:
            with interruptible():
                return super().invoke(ctx)
        except SerjeantError as error:
            click.echo(f"serjeant: {_line(str(error))}", err=True)
            sys.exit(2)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the answer has seen enough
                raise
            where = error.filename or "the answer"
            click.echo(f"serjeant: {_line(f'{where}: {error.strerror or error}')}", err=True)
            sys.exit(2)


def _line(text: str) -> str:
    """One line, whatever a file name holds."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  serjeant investigate /var/log --accounts accounts.csv
  serjeant explain alice.smith""",
)
@click.version_option(__version__, prog_name="serjeant")
def main() -> None:
    """Serjeant keeps an organisation's accounts from being guessed.

    It reads sign-in logs and says whether all accounts are under attack, by whom, and which of them fell.
    """


for verb in (
    investigate,
    explain,
    plan,
    whatif,
    act,
    measures,
    door,
    ledger,
    logins,
    simulate,
    prove,
    formats,
    detectors,
):
    main.add_command(verb)
