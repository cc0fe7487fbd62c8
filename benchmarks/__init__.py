"""How fast Lectern is, measured beside its peers: `make bench`."""
