"""`python -m platforma`: the command line, for processes that we start ourselves."""

from platforma.cli.main import main

main()
