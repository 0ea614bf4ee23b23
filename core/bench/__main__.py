"""`python core/bench`: the same as `python core/bench/run.py`."""

from run import main

if __name__ == "__main__":
    raise SystemExit(main())
