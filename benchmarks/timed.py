"""`streamlit run` with each script run timed: python -m benchmarks.timed FILE run app.py ..."""

import sys
import time
from pathlib import Path

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web import cli


def timed(file: Path) -> None:
    """Have every script run write its milliseconds into this file, one on a line."""
    plain = ScriptRunner._run_script

    def run(self: ScriptRunner, *told: object) -> None:
        began = time.perf_counter()
        try:
            plain(self, *told)  # type: ignore[arg-type]
        finally:
            with file.open("a") as out:
                out.write(f"{(time.perf_counter() - began) * 1_000:.1f}\n")

    ScriptRunner._run_script = run  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    timed(Path(sys.argv.pop(1)))
    sys.argv[0] = "streamlit"
    cli.main()
