"""`python -m bot` is the command `sausat`."""

from bot.cli import main

main()
