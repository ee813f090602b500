"""contain: shut the door on every service in one move, and open it again."""
