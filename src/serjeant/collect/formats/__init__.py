"""One file for each format; each holds one constant ``FORMAT``."""
