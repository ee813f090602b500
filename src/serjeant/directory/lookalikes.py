"""lookalikes: names as the eye sees them.

``аdmin`` with a Cyrillic letter, ``admіn``, ``admin`` with a mark or something invisible in it are not ``admin``; but
whoever types them means it. A small part of Unicode's confusables (UTS #39): letters of other alphabets that pass for
one of ``a`` to ``z``. Digits and letters of ASCII are left as they are, since real accounts differ by them.
"""

import unicodedata
from typing import Final

import polars as pl

_LETTERS: Final = {
    # Cyrillic
    "а": "a", "в": "b", "ь": "b", "с": "c", "ԁ": "d", "е": "e", "є": "e", "һ": "h", "н": "h", "і": "i", "ї": "i",
    "ј": "j", "к": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s", "т": "t",
    "ц": "u", "ѵ": "v", "ԝ": "w", "ш": "w", "х": "x", "у": "y", "ү": "y",
    # Greek
    "α": "a", "β": "b", "ϲ": "c", "ε": "e", "η": "n", "ι": "i", "ϳ": "j", "κ": "k", "μ": "u", "ν": "v", "ο": "o",
    "σ": "o", "ρ": "p", "ς": "c", "τ": "t", "υ": "u", "ω": "w", "χ": "x", "γ": "y", "ζ": "z",
    # Armenian
    "ա": "w", "զ": "q", "հ": "h", "ո": "n", "ռ": "n", "ս": "u", "օ": "o", "ց": "g", "յ": "j",
    # Cherokee, whose capitals case folding keeps
    "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭰ": "d", "Ꭼ": "e", "Ꮐ": "g", "Ꮋ": "h", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m",
    "Ꮲ": "p", "Ꮪ": "s", "Ꭲ": "i", "Ꮩ": "v", "Ꮃ": "w", "Ꮓ": "z",
    # Latin beyond ASCII that no decomposition reaches
    "ɑ": "a", "ᴀ": "a", "æ": "ae", "ƅ": "b", "ʙ": "b", "ᴄ": "c", "ɔ": "c", "đ": "d", "ɖ": "d", "ᴅ": "d", "ə": "e",
    "ᴇ": "e", "ꜰ": "f", "ɡ": "g", "ɢ": "g", "ħ": "h", "ʜ": "h", "ı": "i", "ɪ": "i", "ɩ": "i", "ȷ": "j", "ᴊ": "j",
    "ᴋ": "k", "ł": "l", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ŋ": "n", "ø": "o", "ᴏ": "o", "œ": "oe", "ᴘ": "p", "þ": "p",
    "ʀ": "r", "ꜱ": "s", "ŧ": "t", "ᴛ": "t", "ᴜ": "u", "ʋ": "v", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
}  # fmt: skip
_SEEN: Final = str.maketrans(_LETTERS)
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})


def skeletons(names: pl.Series) -> pl.Series:
    """What each name looks like; names of ASCII look like themselves.

    :param names: as ``names.normalise`` gives them
    """
    odd = names.filter(names.str.len_bytes() != names.str.len_chars()).unique()
    if odd.is_empty():
        return names
    seen = pl.Series([_skeleton(name) for name in odd.to_list()], dtype=pl.String)
    return names.replace_strict(odd, seen, default=names, return_dtype=pl.String)


def _skeleton(name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    return "".join(each for each in apart if unicodedata.category(each) not in _UNSEEN).translate(_SEEN)
