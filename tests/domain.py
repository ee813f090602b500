"""domain: an Active Directory domain controller of Samba's, in a network of its own, for one test file."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "Adm1n!Passw0rd"
BASE = "DC=example,DC=lan"
PEOPLE = f"CN=Users,{BASE}"
_PROGRAMS = ("samba", "ip", "kinit", "openssl", "ldapmodify", "ldapsearch")
_PROVISION = f"""
import logging, sys
from samba import param
from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.provision import provision

settings = param.LoadParm()
settings.set("interfaces", "127.0.0.1")
settings.set("bind interfaces only", "yes")
# The share's access lists need modules that the directory does not.
provision(
    logging.getLogger(), system_session(), targetdir=sys.argv[1], realm="EXAMPLE.LAN", domain="EXAMPLE", lp=settings,
    hostip="127.0.0.1", hostname="dc1", adminpass={PASSWORD!r}, serverrole="active directory domain controller",
    dns_backend="NONE", skip_sysvolacl=True,
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
)
"""


@dataclass
class Domain:
    """The controller and how to reach it."""

    folder: Path
    network: str
    password_file: Path
    ca_file: Path

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """The calling thread is in the controller's network."""
        with Path("/proc/thread-self/ns/net").open() as before, Path("/run/netns", self.network).open() as its:
            _enter(its.fileno())
            try:
                yield
            finally:
                _enter(before.fileno())

    def tool(self, program: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """A program of ldap-utils, in the controller's network, as the administrator."""
        who = ["-x", "-H", "ldaps://localhost", "-D", f"CN=Administrator,{PEOPLE}", "-y", str(self.password_file)]
        return self.plain(program, *who, *arguments, text=text)

    def plain(self, program: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """A program in the controller's network."""
        return subprocess.run(
            ["ip", "netns", "exec", self.network, program, *arguments],
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            env={**os.environ, "LDAPTLS_REQCERT": "never", "KRB5_CONFIG": str(self.folder / "krb5.conf")},
        )

    def change(self, ldif: str) -> None:
        """Somebody else changes the directory by hand."""
        done = self.tool("ldapmodify", text=ldif)
        assert done.returncode == 0, done.stderr

    def dump(self) -> str:
        """All people and groups; the order of attributes within one says nothing."""
        done = self.tool(
            "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", BASE, "(|(objectClass=user)(objectClass=group))",
            "userAccountControl", "logonHours", "pwdLastSet", "member", "memberOf", "accountExpires", "lockoutTime",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return "\n\n".join("\n".join(sorted(each.splitlines())) for each in sorted(done.stdout.split("\n\n")))

    def signs_in(self, account: str, password: str) -> str:
        """What LDAP tells who tries a password: "" where it is right."""
        who = ["-D", f"{account}@example.lan", "-w", password]
        done = self.plain("ldapsearch", "-x", "-H", "ldaps://localhost", *who, "-s", "base", "-b", BASE, "1.1")
        return "" if done.returncode == 0 else done.stderr

    def ticket(self, account: str, password: str) -> str:
        """What Kerberos tells who tries a password: "" where it is right."""
        cache = f"FILE:{self.folder}/cc"
        done = self.plain("kinit", "-c", cache, f"{account}@EXAMPLE.LAN", text=f"{password}\n")
        return "" if done.returncode == 0 else done.stderr


@contextlib.contextmanager
def domain(folder: Path, people: str) -> Iterator[Domain]:
    """A controller with some people in it.

    :param people: LDIF
    """
    missing = [each for each in _PROGRAMS if shutil.which(each) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"needs {' '.join(missing) or 'root, for a network of its own'}")
    it = Domain(folder, f"serjeant-ad-{os.getpid()}", folder / "password", folder / "ca.pem")
    it.password_file.touch(mode=0o600)
    it.password_file.write_text(PASSWORD)
    (folder / "krb5.conf").write_text(
        "[libdefaults]\ndefault_realm=EXAMPLE.LAN\ndns_lookup_kdc=false\n[realms]\nEXAMPLE.LAN={\nkdc=127.0.0.1\n}\n"
    )
    _certificate(folder)
    _checked("ip", "netns", "add", it.network)
    try:
        _checked("ip", "-n", it.network, "link", "set", "lo", "up")
        _checked("/usr/bin/python3", "-c", _PROVISION, str(folder / "dom"))
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                ["ip", "netns", "exec", it.network, "samba", "-F", "-M", "single", "-s", _configured(folder),
                 "--debug-stdout"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
            try:
                _wait(it, server)
                done = it.tool("ldapmodify", "-a", text=people)
                assert done.returncode == 0, done.stderr
                yield it
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(server.pid, 15)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(10)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(server.pid, 9)
                server.wait(10)
    finally:
        _checked("ip", "netns", "delete", it.network)


def _wait(it: Domain, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        told = it.tool("ldapsearch", "-s", "base", "-b", "")
        if told.returncode == 0:
            return
        assert server.poll() is None, (it.folder / "log").read_text()
        time.sleep(0.2)
    raise AssertionError(told.stderr + (it.folder / "log").read_text())


def _configured(folder: Path) -> str:
    path = folder / "dom" / "etc" / "smb.conf"
    own = (
        "server services = rpc, ldap, cldap, kdc, winbindd\n"
        "ldap server require strong auth = yes\n"
        f"tls enabled = yes\ntls keyfile = {folder}/key.pem\ntls certfile = {folder}/ca.pem\ntls cafile =\n"
        f"log file = {folder}/log.%m\npid directory = {folder}\nncalrpc dir = {folder}/ncalrpc\n"
        "rpc server dynamic port range = 49152-49200\n"
    )
    lines = path.read_text().splitlines(keepends=True)
    left = [each for each in lines if not each.strip().startswith(("server services", "log file", "logging"))]
    path.write_text("".join(left).replace("[global]\n", f"[global]\n{own}", 1))
    return str(path)


def _certificate(folder: Path) -> None:
    _checked(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem"),
    )  # fmt: skip
    (folder / "key.pem").chmod(0o600)


def _checked(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def _enter(network: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")
