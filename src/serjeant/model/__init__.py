"""The nouns: what crosses from one room to another, as frozen dataclasses and Arrow schemas."""
