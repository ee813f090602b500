"""connectors: the places that a measure can be carried out at, one file each. Only ``contain.executor`` runs them."""
