"""Where it all meets: receive, send, fetch, remind, summarise, run; only here is committed."""
