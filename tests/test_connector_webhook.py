"""The webhook connector, against a service that checks what it is told, and against bad ones."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from serjeant.contain.connector import RefusedError
from serjeant.contain.connectors.webhook import CONNECTOR, SCHEMA, WebhookSettings
from serjeant.contain.targets import Target
from serjeant.model.measure import Change, Measure, agrees

NOW = datetime.now(UTC).replace(microsecond=0)
ENDS = NOW + timedelta(hours=1)
KEY = "a-key-for-a-test"
WANTED = ("198.51.100.7", "2001:db8:1::/64")


@dataclass
class Service:
    """What it holds, what it was told, and how it answers where it is not itself."""

    port: int = 0
    door: dict[str, Any] = field(default_factory=dict)
    told: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: tuple[int, dict[str, str], bytes] | None = None
    hangs: float = 0

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        stamp = headers["x-serjeant-timestamp"]
        signed = hmac.new(KEY.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if (
            not hmac.compare_digest(f"sha256={signed}", headers["x-serjeant-signature"])
            or abs(int(stamp) - time.time()) > 60
        ):
            return 403, {}, b"who are you"
        said = json.loads(body)
        self.told.append((path, headers, said))
        time.sleep(self.hangs)
        if self.answers is not None:
            return self.answers
        assert said["schema"] == SCHEMA
        if path == "/check?of=door":
            held = [{"subject": name, **self.door[name]} for name in said["check"] if name in self.door]
            return 200, {}, json.dumps({"subjects": held}).encode()
        failed = {}
        for row in said["subjects"]:
            if row["subject"].startswith("refuse"):
                failed[row["subject"]] = "no\nsuch account"
            elif row["after"] is None:
                del self.door[row["subject"]]
            else:
                self.door[row["subject"]] = {key: value for key, value in row["after"].items() if key != "done"}
        return 200, {}, json.dumps({"failed": failed}).encode()


@pytest.fixture
def service() -> Iterator[Service]:
    it = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, text = it.answer(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        it.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield it
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(service: Service, tmp_path: Path) -> WebhookSettings:
    key = tmp_path / "key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    where = f"http://127.0.0.1:{service.port}"
    actions = ("block_source", "contain_account", "close_remote")
    return WebhookSettings(actions, f"{where}/do", str(key), f"{where}/check?of=door", ends=True)


def measure(action: str, *subjects: str, spares: tuple[str, ...] = ()) -> Measure:
    return Measure("P1.1", action, "close", "device", subjects, ENDS, "a test", "carol", spares)


def planned(settings: WebhookSettings, it: Measure) -> list[Change]:
    return CONNECTOR.changes(settings, it, CONNECTOR.read(settings, it))


def carry_out(settings: WebhookSettings, it: Measure) -> Change:
    """As the executor does it: read, change, read back; and asked again, there is nothing to do."""
    (done,) = planned(settings, it)
    CONNECTOR.run(settings, done.do, it.ends, NOW)
    state = CONNECTOR.read(settings, it)
    assert all(agrees(state[name], shape) for name, shape in done.do.after.items())
    assert planned(settings, it) == []
    return done


def test_it_is_told_asked_and_told_to_take_it_back(service: Service, settings: WebhookSettings) -> None:
    done = carry_out(settings, measure("block_source", *WANTED))
    assert service.door == {name: {"until": ENDS.isoformat()} for name in WANTED}
    assert done.says == "has 127.0.0.1 turn 2 sources away"
    told = len([path for path, _, _ in service.told if path == "/do"])
    CONNECTOR.run(settings, done.do, ENDS, NOW)
    assert len([path for path, _, _ in service.told if path == "/do"]) == told, "it is so already: nobody is told"
    assert done.undo is not None
    CONNECTOR.run(settings, done.undo, ENDS, NOW)
    assert service.door == {}


def test_what_has_no_subjects_says_whom_it_spares(service: Service, settings: WebhookSettings) -> None:
    carry_out(settings, measure("close_remote", spares=("192.0.2.0/24", "carol")))
    assert service.door["close_remote"]["spares"] == ["192.0.2.0/24", "carol"]


def test_the_same_told_twice_has_the_same_key(service: Service, settings: WebhookSettings) -> None:
    blind = replace(settings, check_url="")
    assert not Target("device", CONNECTOR, blind, simulate=False).reads_back
    (done,) = planned(blind, measure("block_source", *WANTED))
    (other,) = planned(blind, measure("block_source", WANTED[0]))
    for each in (done, done, other):
        CONNECTOR.run(blind, each.do, ENDS, NOW)
    first, again, different = (headers["idempotency-key"] for _, headers, _ in service.told)
    assert first == again != different


def test_what_it_refuses_is_named_and_the_rest_is_done(service: Service, settings: WebhookSettings) -> None:
    (change,) = planned(settings, measure("contain_account", "alice", "refuse\x1b me"))
    with pytest.raises(RefusedError) as refused:
        CONNECTOR.run(settings, change.do, ENDS, NOW)
    assert refused.value.each == {"refuse\x1b me": "no\N{REPLACEMENT CHARACTER}such account"}
    assert list(service.door) == ["alice"]


def test_who_has_another_key_is_told_nothing(settings: WebhookSettings, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("guessed")
    other.chmod(0o600)
    with pytest.raises(RefusedError, match="answers 403"):
        CONNECTOR.read(replace(settings, key_file=str(other)), measure("block_source", *WANTED))
    other.chmod(0o644)
    with pytest.raises(RefusedError, match="others than its owner") as refused:
        CONNECTOR.read(replace(settings, key_file=str(other)), measure("block_source", *WANTED))
    assert "guessed" not in str(refused.value)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((302, {"Location": "/elsewhere"}, b""), "answers 302"),
        ((500, {}, b"\x1b[31m"), "answers 500"),
        ((200, {}, b"ok"), "no JSON"),
        ((200, {}, b"[]"), "words that we do not know"),
        ((200, {}, b'{"subjects": [7]}'), "words that we do not know"),
    ],
)
def test_answers_that_are_none(
    service: Service, settings: WebhookSettings, answers: tuple[int, dict[str, str], bytes], says: str
) -> None:
    service.answers = answers
    with pytest.raises(RefusedError, match=says):
        CONNECTOR.read(settings, measure("block_source", *WANTED))
    assert [path for path, _, _ in service.told] == ["/check?of=door"], "nowhere else was asked"


def test_a_service_that_lies_is_seen_to(service: Service, settings: WebhookSettings) -> None:
    (change,) = planned(settings, measure("block_source", *WANTED))
    service.answers = (200, {}, b'{"subjects": []}')
    CONNECTOR.run(settings, change.do, ENDS, NOW)
    service.answers = None
    assert CONNECTOR.read(settings, measure("block_source", *WANTED)) == dict.fromkeys(WANTED)


def test_a_service_that_hangs_or_is_not_there(service: Service, settings: WebhookSettings) -> None:
    began = time.monotonic()
    service.hangs = 3
    with pytest.raises(RefusedError, match=r"within 0\.5 s"):
        CONNECTOR.read(replace(settings, seconds=0.5), measure("block_source", *WANTED))
    with pytest.raises(RefusedError, match="cannot be asked"):
        CONNECTOR.read(replace(settings, check_url="http://127.0.0.1:1/"), measure("block_source", *WANTED))
    with pytest.raises(RefusedError, match="only to this machine"):
        CONNECTOR.read(replace(settings, check_url="http://device.example.org/"), measure("block_source", *WANTED))
    assert time.monotonic() - began < 3
