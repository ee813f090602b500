"""passwords: what may be known of the passwords that are guessed, as ``[passwords]`` says it."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """What guesses are compared with."""

    words: tuple[str, ...] = field(
        default=(), metadata={"help": "names that guesses are made of: organisation, places, products"}
    )
    candidates_file: str = field(default="", metadata={"help": "a list of common passwords, one a line"})
    nonce_file: str = field(
        default="", metadata={"help": "file with Dovecot's auth_policy_hash_nonce, readable by its owner only"}
    )
    hash_bits: int = field(default=12, metadata={"help": "Dovecot's auth_policy_hash_truncate"})
    keep: timedelta = field(
        default=timedelta(days=90), metadata={"help": "how long fingerprints of guesses stay after they were read"}
    )
    sha1_digits: int = field(default=6, metadata={"help": "N of Dovecot's auth_verbose_passwords = sha1:N"})

    def __post_init__(self) -> None:
        """Checks what the types do not say."""
        if not 8 <= self.hash_bits <= 16:
            raise ValueError("hash_bits must be 8 to 16; more would give a password back")
        if not 4 <= self.sha1_digits <= 6:
            raise ValueError("sha1_digits must be 4 to 6; of a longer hash the first 6 digits are read")
