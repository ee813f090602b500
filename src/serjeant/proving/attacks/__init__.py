"""The shapes of attack, A1 to A14: files that offer ``SHAPES``."""
