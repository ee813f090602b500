"""The parts of the docs that the code writes: ``make docs`` does, and ``test_docs.py`` compares."""

import re
from collections import Counter
from pathlib import Path

from serjeant.cli.catalogue import Entry, as_markdown, entries
from serjeant.collect.format import GROUPS
from serjeant.collect.known import line_formats
from serjeant.proving.rivals import RIVALS

ROOT = Path(__file__).resolve().parent.parent

EXAMPLES = {
    "mail": "dovecot postfix exim cyrus exchange zimbra roundcube sendmail",
    "hosts": "sshd pam auditd login dropbear proftpd proxmox synology",
    "windows": "windows samba",
    "identity": "entra microsoft365 okta google duo keycloak authelia authentik krb5kdc slapd",
    "cloud": "cloudtrail github slack salesforce snowflake",
    "network": "openvpn strongswan freeradius cisco_asa fortigate panos ivanti citrix",
    "web": "apache nginx http plesk cpanel",
    "apps": "nextcloud gitlab gitea grafana wordpress vaultwarden jira moodle",
    "data": "postgresql mysql mssql oracle mongodb elasticsearch",
    "chat": "asterisk mattermost synapse ejabberd",
    "home": "jellyfin homeassistant navidrome",
    "normalised": "ocsf ecs",
}
"""Which of a group the README names."""


def pages() -> dict[Path, str]:
    """Each page with such a part, as it must be."""
    listed = entries(line_formats())
    return {
        page: _filled(page, name, text)
        for page, name, text in (
            (ROOT / "docs" / "formats.md", "formats", as_markdown(listed)),
            (ROOT / "docs" / "rivals.md", "rivals", _rivals()),
            (ROOT / "README.md", "formats", _reads(listed)),
        )
    }


def _filled(page: Path, name: str, text: str) -> str:
    """The page with the text between its marks."""
    begin, end = f"<!-- {name}: begin (make docs) -->", f"<!-- {name}: end -->"
    now = page.read_text("utf-8")
    return re.sub(
        f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", now, flags=re.DOTALL
    )


def _rivals() -> str:
    rows = ["| name | product | fires at | blocks | source |", "|---|---|---|:-:|---|"]
    for rival in RIVALS:
        blocks = "●" if rival.blocks else "·"
        rows.append(f"| `{rival.name}` | {rival.product} | {rival.says} | {blocks} | {rival.source} |")
    return "\n".join(rows)


def _reads(listed: list[Entry]) -> str:
    count = Counter(each.form.group for each in listed)
    titles = {each.form.name: re.sub(r" \(.*?\)", "", each.form.title) for each in listed}
    rows = ["| kind | formats | among them |", "|---|--:|---|"]
    for group, title in GROUPS.items():
        if count[group]:
            rows.append(f"| {title} | {count[group]} | {', '.join(titles[name] for name in EXAMPLES[group].split())} |")
    return "\n".join([*rows, f"| **all** | **{len(listed)}** | |"])


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
