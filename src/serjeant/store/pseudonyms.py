"""pseudonyms: what stands in the ledger for the name of a person, so that the name can be forgotten.

What stands for a name is ``HMAC(salt, name)``, with a random salt for each. Without the salt, which is removed together
with the name, nobody can try out which name it was.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

_MARK: Final = "~"
_TOKEN: Final = re.compile(r'\{"~":"([0-9a-f]{24})"\}')
_SHOWN: Final = 12


class Name(str):
    """A name of a person inside a body; can be forgotten."""

    __slots__ = ()


class Known(NamedTuple):
    """A name that is not forgotten.

    :param token: what stands for it
    :param text: the name as JSON, since a database may take neither zero bytes nor halves of a character
    :param key: finds it, however long it is; removed together with it
    """

    token: str
    text: str
    salt: str
    key: str

    @property
    def name(self) -> str:
        """The name itself."""
        return str(json.loads(self.text))

    @property
    def whole(self) -> bool:
        """Nobody altered it."""
        try:
            return _token(self.salt, self.name) == self.token and key(self.name) == self.key
        except ValueError:
            return False


def known(name: str) -> Known:
    """A name that is new, with its salt."""
    name, salt = _joined(name), secrets.token_hex(16)
    return Known(_token(salt, name), json.dumps(name), salt, key(name))


def key(name: str) -> str:
    """Finds a name."""
    return hashlib.sha256(_bytes(_joined(name))).hexdigest()


def shown(token: str) -> str:
    """What a person sees in the place of a name."""
    return f"{_MARK}{token[:_SHOWN]}"


def names(body: object) -> Iterator[Name]:
    """The names of people in a body, in its order."""
    match body:
        case Name():
            yield body
        case Mapping():
            for each in body.values():
                yield from names(each)
        case list() | tuple():
            for each in body:
                yield from names(each)


def hidden(body: object, token: Callable[[Name], str]) -> Any:
    """A body as JSON values, with what stands for a name in its place; keys of its own that look so are marked.

    :raises TypeError: a key is no text, or a name, which could not be forgotten there
    :raises ValueError: two keys are one in JSON
    """
    match body:
        case Name():
            return {_MARK: token(body)}
        case Mapping():
            wrong = [each for each in body if not isinstance(each, str) or isinstance(each, Name)]
            if wrong:
                raise TypeError(f"a ledger's key is a text that is no name, not {type(wrong[0]).__name__}")
            inner = {_marked(name): hidden(each, token) for name, each in body.items()}
            if len(inner) != len(body):
                raise ValueError("two keys are one in JSON")
            return inner
        case list() | tuple():
            return [hidden(each, token) for each in body]
    return body


def revealed(value: Any, names: Mapping[str, str]) -> Any:
    """What ``hidden`` made, with the names that are known, by what stands for them."""
    match value:
        case {"~": str(token)} if len(value) == 1:
            return Name(names.get(token, shown(token)))
        case dict():
            return {_unmarked(name): revealed(each, names) for name, each in value.items()}
        case list():
            return [revealed(each, names) for each in value]
    return value


def tokens(text: str) -> list[str]:
    """What stands for names in JSON as ``hidden`` made it, without blanks."""
    return _TOKEN.findall(text)


def _marked(name: str) -> str:
    return _joined(_MARK + name if name.startswith(_MARK) else name)


def _unmarked(name: str) -> str:
    return name.removeprefix(_MARK)


def _joined(name: str) -> str:
    """Halves of a character that stand side by side are the character, as JSON has it."""
    return str(json.loads(json.dumps(name)))


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _token(salt: str, name: str) -> str:
    return hmac.new(bytes.fromhex(salt), _bytes(name), hashlib.sha256).hexdigest()[:24]
