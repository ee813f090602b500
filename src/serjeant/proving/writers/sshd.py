"""OpenSSH with PAM, by syslog: what PAM says and what sshd says are one attempt."""

import polars as pl

from serjeant.proving.writer import Writer, cases, port, stamp

_HEAD = stamp("%b %e %H:%M:%S") + pl.format(" gate sshd[{}]: ", pl.col("n") + 2011)
_PAM = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={}"


def _line(text: str, *columns: str | pl.Expr) -> pl.Expr:
    return _HEAD + pl.format(text, *columns)


WRITER = Writer(
    product="sshd",
    path="gate/auth.log",
    service="ssh",
    spells=pl.col("name"),
    says=cases(
        {
            "success": _line("Accepted password for {} from {} port {} ssh2", "name", "ip", port()),
            "bad_password": [
                _line(_PAM + "  user={}", "ip", "name"),
                _line("Failed password for {} from {} port {} ssh2", "name", "ip", port()),
            ],
            "unknown_account": [
                _line("Invalid user {} from {} port {}", "name", "ip", port()),
                _line("Failed password for invalid user {} from {} port {} ssh2", "name", "ip", port()),
            ],
        }
    ),
)
