"""``python -m serjeant`` is the command ``serjeant``."""

from serjeant.cli import main

if __name__ == "__main__":
    main(prog_name="serjeant")
