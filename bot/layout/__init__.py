"""How official papers are laid out, as data: papers are written by it and checked against it."""
