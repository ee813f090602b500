"""collect: log lines become logins."""
