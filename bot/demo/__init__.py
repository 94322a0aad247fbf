"""The demo: an invented province, phones side by side, and a clock that can be moved."""
