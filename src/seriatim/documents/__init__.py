"""Documents: papers with lines, their states, and posting, the one path by which stock changes."""
