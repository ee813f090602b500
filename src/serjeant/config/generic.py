"""generic: a table whose every line is a sign-in, as ``[generic.NAME]`` describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from serjeant.config.typed import each_known
from serjeant.model.login import OUTCOMES, REASONS

COLUMNS: Final = (
    "time",
    "user_name",
    "src_ip",
    "forwarded",
    "src_port",
    "dst_host",
    "service",
    "auth_protocol",
    "outcome",
    "reason",
    "session_uid",
    "client",
    "is_mfa",
    "count",
)
"""The columns of ``logins`` that the settings of a log can fill."""


@dataclass(frozen=True, slots=True)
class GenericSettings:
    """How one kind of CSV, TSV or JSON log is read: a table ``[generic.NAME]``."""

    kind: Literal["csv", "tsv", "json"] = field(metadata={"help": "how a line is written; json: one object a line"})
    columns: Mapping[str, str] = field(
        metadata={"help": "our column = the log's column; in JSON the path to it, parted by dots"}
    )
    files: str = field(default="", metadata={"help": "pattern of the file's name; empty: known by its columns"})
    time_format: str = field(default="", metadata={"help": "strptime pattern of the time; empty: ISO 8601 or Unix"})
    outcomes: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "the log's word = success, failure, challenged or refused"}
    )
    reasons: Mapping[str, str] = field(default_factory=dict, metadata={"help": "the log's word = our reason"})
    constants: Mapping[str, str | int | bool] = field(
        default_factory=dict, metadata={"help": "our column = what it always is in this log"}
    )

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        each_known("columns", self.columns, COLUMNS)
        each_known("constants", self.constants, COLUMNS)
        each_known("outcomes", self.outcomes.values(), OUTCOMES)
        each_known("reasons", self.reasons.values(), REASONS)
        if "time" not in self.columns:
            raise ValueError("columns must say which column is the time")
