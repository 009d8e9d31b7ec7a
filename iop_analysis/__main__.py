"""`python -m iop_analysis`: the command line where no script is on the path."""

from iop_analysis.cli import main

if __name__ == "__main__":
    main(prog_name="iop-analysis")
