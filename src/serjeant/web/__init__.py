"""web: what answers over HTTP: the decision API that services ask whether somebody may sign in."""
