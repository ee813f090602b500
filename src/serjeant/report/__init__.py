"""report: the answers, on a screen, on a page and as a document."""
