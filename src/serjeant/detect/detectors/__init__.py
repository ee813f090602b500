"""One file for each test; each holds one constant ``DETECTOR``."""
