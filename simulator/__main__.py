"""The simulator on its own: python -m simulator --port 8701 --state simulator.db"""

import argparse
import sys
from pathlib import Path

from simulator.app import Simulator
from simulator.faults import ArmError
from simulator.server import HOST, Refusal, bound, certificate, locked


def main() -> int:
    """Serve until interrupted; 1 and a sentence when it cannot."""
    asked = argparse.ArgumentParser(prog="simulator", description=__doc__)
    asked.add_argument("--port", type=int, default=8701)
    asked.add_argument("--state", type=Path, default=Path("simulator.db"), help="keeps the world")
    asked.add_argument("--scenario", default="contoso")
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--tls", action="store_true", help="https://localhost, own certificate")
    told = asked.parse_args()
    try:
        with locked(told.state):
            simulator = Simulator(told.state, scenario=told.scenario, seed=told.seed)
            tls = certificate(told.state) if told.tls else None
            server = bound(simulator, told.port, tls)
            sys.stdout.write(f"A small Azure listens on {_address(server.port, tls)}\n")
            sys.stdout.flush()
            server.serve_forever()
    except (Refusal, ArmError, ValueError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _address(port: int, tls: tuple[str, str] | None) -> str:
    return f"https://localhost:{port}, trusting {tls[0]}" if tls else f"http://{HOST}:{port}"


if __name__ == "__main__":
    sys.exit(main())
