"""Writers: each tells an incident in one form and changes nothing."""
