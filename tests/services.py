"""Services that really ask the door whether somebody may sign in, configured as docs/door.md says."""

import base64
import http.client
import imaplib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from doors import end, end_pid, free_port, pasted, wait

KEY = "correct-horse-battery"
RIGHT = {"ada": "Right1!", "bob": "Right2!"}
PATH = {"PATH": "/usr/sbin:/usr/bin:/bin"}

Answer = tuple[int, str, list[str]]


@dataclass
class Dovecot:
    """A running one."""

    port: int

    def answer(self, login: str, password: str, remote: str) -> tuple[str, float]:
        """What somebody is told who signs in from an address, and after how many seconds."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            client.xatom("ID", f'("x-originating-ip" "{remote}" "name" "Thunderbird")')
            began = time.monotonic()
            try:
                client.login(login, password)
                return "in", time.monotonic() - began
            except imaplib.IMAP4.error as error:
                return str(error), time.monotonic() - began
        finally:
            client.shutdown()


@contextmanager
def dovecot(url: str, more: str = "", people: Mapping[str, str] = RIGHT) -> Iterator[Dovecot]:
    """One that asks a door, as docs/door.md says."""
    folder, port = Path(tempfile.mkdtemp(prefix="serjeant-dovecot-")), free_port()
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "nobody")
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{password}\n" for name, password in people.items()))
    settings = pasted("auth_policy_server_url").replace("http://127.0.0.1:14001/", f"{url}/")
    settings = settings.replace("THE-KEY", KEY).replace("/etc/dovecot/users", str(folder / "users"))
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 1 secs
auth_verbose = yes
login_trusted_networks = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{settings}
{more}
""")
    subprocess.run(["dovecot", "-c", folder / "dovecot.conf"], check=True, env={"PATH": "/usr/sbin:/usr/bin:/bin"})
    try:
        wait(lambda: (folder / "run" / "master.pid").exists(), "dovecot")
        yield Dovecot(port)
    finally:
        end_pid(folder / "run" / "master.pid")
        shutil.rmtree(folder)


@contextmanager
def nginx(url: str, people: Mapping[str, str] = RIGHT) -> Iterator[int]:
    """The port of one that asks a door, as docs/door.md says."""
    folder, port = Path(tempfile.mkdtemp(prefix="serjeant-nginx-")), free_port()
    folder.chmod(0o755)
    (folder / "index.html").write_text("mail")
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{password}\n" for name, password in people.items()))
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    locations = pasted("location = /_door {").replace("http://127.0.0.1:14001", url).replace("THE-KEY", KEY)
    (folder / "nginx.conf").write_text(f"""
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  {places}
  server {{
    listen 127.0.0.1:{port};
    root {folder};
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    location / {{ auth_request /_door; }}
    location /mail/ {{
      alias {folder}/;
      auth_basic Mail;
      auth_basic_user_file {folder}/users;
      auth_request /_door_judged;
    }}
    {locations}
  }}
}}
""")
    subprocess.run(["nginx", "-c", folder / "nginx.conf"], check=True, env={"PATH": "/usr/sbin:/usr/bin:/bin"})
    try:
        wait(lambda: (folder / "pid").exists(), "nginx")
        yield port
    finally:
        end_pid(folder / "pid")
        shutil.rmtree(folder)


def get(port: int, path: str, remote: str, login: str = "", password: str = "", **headers: str) -> Answer:
    """Status, body and headers without the date."""
    sent = {"X-Forwarded-For": remote, **headers}
    if login:
        sent["Authorization"] = "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        told = [
            f"{name}: {value}" for name, value in answer.getheaders() if name not in ("Date", "Last-Modified", "ETag")
        ]
        return answer.status, answer.read().decode(), told
    finally:
        connection.close()


@dataclass
class Radius:
    """A running one."""

    port: int

    def answer(self, login: str, password: str, remote: str) -> tuple[str, float]:
        """What a gateway is told, without what differs in every answer, and after how many seconds."""
        name = "".join(f"\\{byte:03o}" for byte in login.encode())
        asked = f'User-Name = "{name}", User-Password = "{password}", Calling-Station-Id = "{remote}"\n'
        began = time.monotonic()
        found = subprocess.run(
            ["radclient", "-x", "-r", "1", "-t", "10", f"127.0.0.1:{self.port}", "auth", "testing123"],
            input=asked, capture_output=True, encoding="utf-8", env=PATH, check=False,
        )  # fmt: skip
        lines = found.stdout.splitlines()
        at = next((i for i, line in enumerate(lines) if line.startswith("Received ")), len(lines))
        return "\n".join([line.split(" Id ")[0] for line in lines[at:]]), time.monotonic() - began


@contextmanager
def radius(url: str, people: Mapping[str, str] = RIGHT) -> Iterator[Radius]:
    """One that asks a door, as docs/door.md says."""
    folder, port = Path(tempfile.mkdtemp(prefix="serjeant-radius-")), free_port()
    users = [f'{name} Cleartext-Password := "{password}"\n' for name, password in people.items()]
    (folder / "users").write_text("".join(users))
    module = pasted("rest door {").replace("http://127.0.0.1:14001", url).replace("THE-KEY", KEY)
    (folder / "radiusd.conf").write_text(f"""
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/pid
log {{
  destination = files
  file = {folder}/log
}}
security {{
  reject_delay = 1
  status_server = no
  allow_vulnerable_openssl = yes
}}
client localhost {{
  ipaddr = 127.0.0.1
  secret = testing123
}}
thread pool {{
  start_servers = 2
  max_servers = 4
  min_spare_servers = 1
  max_spare_servers = 2
}}
modules {{
  always ok {{
    rcode = ok
  }}
  always reject {{
    rcode = reject
  }}
  expr {{
  }}
  files {{
    filename = {folder}/users
  }}
  pap {{
  }}
  {module}
}}
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {port}
  }}
  {pasted("authorize {")}
}}
""")
    with (folder / "out").open("wb") as to:
        process = subprocess.Popen(
            ["freeradius", "-f", "-l", "stdout", "-d", folder, "-n", "radiusd"], stdout=to, stderr=to, env=PATH
        )
    try:
        ends = time.monotonic() + 20
        while "Ready to process requests" not in (folder / "out").read_text():
            assert process.poll() is None, (folder / "out").read_text()
            assert time.monotonic() < ends
            time.sleep(0.1)
        yield Radius(port)
    finally:
        end(process)
        shutil.rmtree(folder)
