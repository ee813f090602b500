"""slapd: an OpenLDAP of our own on this machine, with the overlay ppolicy, for one test file."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BASE = "dc=example,dc=org"
PEOPLE = f"ou=people,{BASE}"
SERVICE = f"cn=serjeant,{BASE}"
PASSWORD = "the-service's-own"
_PROGRAMS = ("slapd", "slapadd", "ldapmodify", "ldapsearch", "ldapwhoami", "ldappasswd", "openssl")
_CONFIG = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/pid
sizelimit unlimited
TLSCertificateFile {folder}/ca.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
maxsize 1073741824
suffix "{base}"
rootdn "cn=root,{base}"
rootpw root
directory {folder}/data
dbnosync
index objectClass,uid eq
access to attrs=userPassword by dn.exact="{service}" manage by anonymous auth by self write
access to * by dn.exact="{service}" manage by users read
overlay ppolicy
ppolicy_default "cn=policy,{base}"
ppolicy_use_lockout
"""
_WORLD = f"""dn: {BASE}
objectClass: organization
objectClass: dcObject
o: Example
dc: example

dn: {PEOPLE}
objectClass: organizationalUnit
ou: people

dn: cn=policy,{BASE}
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdMustChange: TRUE
pwdLockout: TRUE

dn: {SERVICE}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: serjeant
userPassword: {PASSWORD}

"""


@dataclass
class Slapd:
    """The directory and how to reach it."""

    folder: Path
    url: str
    password_file: Path
    ca_file: Path

    @property
    def tls(self) -> str:
        """Over TLS."""
        return f"ldaps://localhost:{int(self.url.rpartition(':')[2]) + 1}"

    def change(self, ldif: str) -> None:
        """Somebody else changes the directory by hand."""
        done = self._tool("ldapmodify", "-D", f"cn=root,{BASE}", "-w", "root", "-e", "relax", text=ldif)
        assert done.returncode == 0, done.stderr

    def dump(self) -> str:
        """All of it; when and by whom it was changed is left out, for that is what happened."""
        done = self._tool("ldapsearch", "-LLL", "-D", f"cn=root,{BASE}", "-w", "root", "-b", BASE, "*", "+")
        assert done.returncode == 0, done.stderr
        told = ("modifyTimestamp", "modifiersName", "entryCSN", "contextCSN")
        lines = [each for each in done.stdout.splitlines() if not each.startswith(told)]
        return "\n\n".join("\n".join(sorted(each.split("\n"))) for each in sorted("\n".join(lines).split("\n\n")))

    def signs_in(self, account: str, password: str) -> str:
        """What who tries a password is told: "" where all is well."""
        done = self._tool("ldapwhoami", "-D", f"uid={account},{PEOPLE}", "-w", password, "-e", "ppolicy")
        return done.stdout + done.stderr if done.returncode or "must be changed" in done.stdout + done.stderr else ""

    def new_password(self, account: str, old: str, new: str) -> None:
        """The owner changes his password."""
        who = ("-D", f"uid={account},{PEOPLE}", "-w", old)
        done = self._tool("ldappasswd", *who, "-a", old, "-s", new)
        assert done.returncode == 0, done.stderr

    def _tool(self, program: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        command = [program, "-x", "-o", "ldif-wrap=no", "-H", self.url, *arguments]
        if program in ("ldapwhoami", "ldappasswd"):
            command.remove("ldif-wrap=no")
            command.remove("-o")
        return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=60, check=False)


def person(name: str, password: str) -> str:
    """One account, as LDIF."""
    about = f"uid: {name}\ncn: {name}\nsn: {name}\nuserPassword: {password}\n"
    return f"dn: uid={name},{PEOPLE}\nobjectClass: inetOrgPerson\n{about}\n"


@contextlib.contextmanager
def slapd(folder: Path, people: str) -> Iterator[Slapd]:
    """A directory with some people in it.

    :param people: LDIF
    """
    missing = [each for each in _PROGRAMS if shutil.which(each) is None]
    if missing:
        pytest.skip(f"needs {' '.join(missing)}")
    (folder / "data").mkdir()
    (folder / "slapd.conf").write_text(_CONFIG.format(folder=folder, base=BASE, service=SERVICE))
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD)
    _checked(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem"),
    )  # fmt: skip
    _checked("slapadd", "-q", "-f", str(folder / "slapd.conf"), text=_WORLD + people)
    port = _ports()
    url = f"ldap://127.0.0.1:{port}"
    urls = f"{url} ldaps://127.0.0.1:{port + 1}"
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            ["slapd", "-d", "0", "-f", str(folder / "slapd.conf"), "-h", urls], stdout=log, stderr=log
        )
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port + 1), 1):
                    break
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield Slapd(folder, url, folder / "password", folder / "ca.pem")
        finally:
            server.terminate()
            server.wait(10)


def _ports() -> int:
    """The first of two that are free."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as one:
            port: int = one.getsockname()[1]
            with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port + 1)):
                return port


def _checked(*command: str, text: str = "") -> None:
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
