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


def parser():
    """What may be given, to `processes.py` too."""
    words = argparse.ArgumentParser()
    words.add_argument("--strategy", default="fedavg", help="fedavg, fedadam or fedmedian")
    words.add_argument("--rounds", default=3, type=int)
    words.add_argument("--devices", default="host,host,host,host", help="host,m4f,m0,rv32imac")
    words.add_argument("--commands", type=Path, help="a file with the commands instead")
    words.add_argument("--program", default=str(PROGRAM), help="the program of the host")
    words.add_argument("--keep", type=Path, help="a folder for the updates; old ones are removed")
    return words


def arguments():
    """What was given."""
    words = parser()
    words.add_argument("--order", help="of arrival: 3,1,0,2")
    words.add_argument("--silent", nargs="*", default=[], help="2:1 is device 1 in round 2")
    return words.parse_args()


def command(kind, device, program):
    """The command of a device of this kind, with {in} and {out}."""
    if kind == "host":
        return [program, "device", "{in}", "{out}", str(device)]
    path = TARGET / f"fleet/{kind}.json"
    if not path.exists():
        raise SystemExit(f"no {path}: `cargo test --test fleet` builds the chips and writes it")
    words = json.loads(path.read_text())
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


def emptied(folder):
    """A folder for updates, without those of another run."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("round-*-device-*.record"):
        path.unlink()
    return folder


def pair(text):
    """Round and device."""
    number, device = text.split(":")
    return int(number), int(device)


def main():
    """All rounds, a line for each."""
    args = arguments()
    keep = emptied(args.keep) if args.keep else None
    order = [int(device) for device in args.order.split(",")] if args.order else None
    devices = commands(args)
    grid = OwnGrid(devices, order, map(pair, args.silent))
    kind = strategy.named(args.strategy, len(devices))
    start = first_network(args.program)
    server.run(grid, kind, start, args.rounds, lambda line: print(line, flush=True), keep=keep)


if __name__ == "__main__":
    main()
