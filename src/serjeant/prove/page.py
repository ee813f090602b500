"""page: a sheet as one HTML file that needs no script and asks nobody for anything."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from serjeant.prove.sheet import Sheet


def render(sheet: Sheet) -> str:
    """The whole page; everything in it is escaped."""
    style = files("serjeant.report.writers").joinpath("templates/report.css").read_text("utf-8")
    more = files(__package__).joinpath("templates/prove.css").read_text("utf-8")
    return _environment().get_template("prove.html.j2").render(sheet=sheet, style=Markup(style + more))  # noqa: S704


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("serjeant.prove"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
