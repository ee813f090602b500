"""What log systems write around a message: one file for each family; each holds ``ENVELOPES``."""
