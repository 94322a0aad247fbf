"""Real processes, real kills, the sandbox server at the other end."""
