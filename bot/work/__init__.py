"""Where it all meets: receive, send, fetch, remind, summarise, run. The only package that commits."""
