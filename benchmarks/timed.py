"""`streamlit run` with each script run timed: python -m benchmarks.timed FILE run app.py ..."""

import sys
import time
from pathlib import Path

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web import cli


def timed(file: Path) -> None:
    """Have every script run write its milliseconds into this file, a run on a line: by the clock,
    and of the processor's time, which the browser beside it does not share."""
    plain = ScriptRunner._run_script

    def run(self: ScriptRunner, *told: object) -> None:
        began, worked = time.perf_counter(), time.thread_time()
        try:
            plain(self, *told)  # type: ignore[arg-type]
        finally:
            with file.open("a") as out:
                wall = (time.perf_counter() - began) * 1_000
                out.write(f"{wall:.1f} {(time.thread_time() - worked) * 1_000:.1f}\n")

    ScriptRunner._run_script = run  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    timed(Path(sys.argv.pop(1)))
    sys.argv[0] = "streamlit"
    cli.main()
