"""Serjeant keeps an organisation's accounts from being guessed."""

__version__ = "0.1.0"
