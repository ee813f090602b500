"""passwords: what was guessed, as far as fingerprints tell; never a password of anybody's."""
