"""One file for each product: what a sign-in leaves in its log."""
