"""The roster: reading workbooks, checking and applying them, a sample, invites and their slips."""
