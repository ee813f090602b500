"""Who the accounts are, what they can reach, and which networks their logins come from."""
