"""detect: logins become evidence, evidence becomes findings, findings become campaigns."""
