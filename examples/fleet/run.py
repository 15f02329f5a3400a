"""The fleet in one process: Flower's strategies, a grid of our own, devices that are programs.

    cargo build --release --example fleet
    python3 -m venv target/flower
    target/flower/bin/pip install -r examples/fleet/requirements.txt
    target/flower/bin/python examples/fleet/run.py --rounds 60

`cargo test --test fleet` builds chips and writes `target/fleet/<chip>.json` for `--devices`.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

from fleet_app import server, strategy
from fleet_app.grid import OwnGrid

# Where cargo builds.
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or Path(__file__).resolve().parents[2] / "target")
PROGRAM = TARGET / "release/examples/fleet"


def arguments():
    """What may be given."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--strategy", default="fedavg", help="fedavg, fedadam or fedmedian")
    parser.add_argument("--rounds", default=3, type=int)
    parser.add_argument("--devices", default="host,host,host,host", help="host,m4f,m0,rv32imac")
    parser.add_argument("--commands", type=Path, help="a file with the commands instead")
    parser.add_argument("--program", default=str(PROGRAM), help="the program of the host")
    parser.add_argument("--order", help="of arrival: 3,1,0,2")
    parser.add_argument("--silent", nargs="*", default=[], help="2:1 is device 1 in round 2")
    parser.add_argument("--keep", type=Path, help="a folder for the updates")
    parser.add_argument("--folder", default=TARGET / "fleet", type=Path, help="for logs")
    parser.add_argument("--timeout", default=60.0, type=float, help="seconds that a round may take")
    return parser.parse_args()


def command(kind, device, program):
    """The command of a device of this kind, with {in} and {out}."""
    if kind == "host":
        return [program, "device", "{in}", "{out}", str(device)]
    words = json.loads((TARGET / f"fleet/{kind}.json").read_text())
    return [word.replace("{device}", str(device)) for word in words]


def commands(args):
    """The commands of all devices."""
    if args.commands:
        return json.loads(args.commands.read_text())
    kinds = enumerate(args.devices.split(","))
    return [command(kind, device, args.program) for device, kind in kinds]


def first_network(program):
    """The record that all begin with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "start.record"
        subprocess.run([program, "start", str(path)], check=True)
        return path.read_bytes()


def pair(text):
    """Round and device."""
    number, device = text.split(":")
    return int(number), int(device)


def main():
    """All rounds, a line for each."""
    args = arguments()
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    order = [int(device) for device in args.order.split(",")] if args.order else None
    devices = commands(args)
    grid = OwnGrid(devices, order, map(pair, args.silent))
    kind = strategy.named(args.strategy, len(devices))
    start = first_network(args.program)
    server.run(grid, kind, start, args.rounds, lambda line: print(line, flush=True), keep=args.keep)


if __name__ == "__main__":
    main()
