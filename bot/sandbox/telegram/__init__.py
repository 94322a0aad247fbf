"""The sandbox's Telegram: a local server that speaks the Bot API."""
