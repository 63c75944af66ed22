"""The simulator on its own: python -m simulator --port 8701 --state simulator.db"""

import argparse
import sys
from pathlib import Path

from simulator.app import Simulator
from simulator.faults import ArmError
from simulator.server import HOST, Refusal, bound, locked


def main() -> int:
    """Serve until interrupted; 1 and a sentence when it cannot."""
    asked = argparse.ArgumentParser(prog="simulator", description=__doc__)
    asked.add_argument("--port", type=int, default=8701)
    asked.add_argument("--state", type=Path, default=Path("simulator.db"), help="keeps the world")
    asked.add_argument("--scenario", default="contoso")
    asked.add_argument("--seed", type=int, default=7)
    told = asked.parse_args()
    try:
        with locked(told.state):
            simulator = Simulator(told.state, scenario=told.scenario, seed=told.seed)
            server = bound(simulator, told.port)
            sys.stdout.write(f"A small Azure listens on http://{HOST}:{server.server_port}\n")
            sys.stdout.flush()
            server.serve_forever()
    except (Refusal, ArmError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
