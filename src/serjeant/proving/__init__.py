"""Labelled worlds, to prove detection on: who signs in, who attacks, and what a right answer would be."""
