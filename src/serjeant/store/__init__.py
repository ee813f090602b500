"""store: the lake, and the one door to a query engine."""
