"""The fleet in processes of Flower on this machine: a superlink, a supernode for each device.

    target/flower/bin/python examples/fleet/processes.py

takes the options of `run.py`, but for order and silence: here replies come as they come. It prints
the same lines. What the processes say is in `target/fleet/processes`. Telemetry is off.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import run

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent

# What Flower may take for its own in a round, and for a start. `--timeout` is for the devices.
SECONDS = 300

LOOPBACK = "127.0.0.1"


def free_ports(count):
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            one = stack.enter_context(socket.socket())
            one.bind((LOOPBACK, 0))
            found.append(one.getsockname()[1])
        return found


def environment(home):
    """Flower's files in a folder of their own; no telemetry, no look for updates."""
    home.mkdir(parents=True)
    settings = {"FLWR_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    settings |= {"FLWR_TELEMETRY_ENABLED": "0", "FLWR_DISABLE_UPDATE_CHECK": "1"}
    settings |= {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    return {**os.environ, **settings}


def start(words, log, env):
    """A process in a session of its own."""
    words = [str(BIN / words[0]), *map(str, words[1:])]
    with log.open("wb") as file:
        streams = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": file}
        return subprocess.Popen(words, env=env, start_new_session=True, **streams)


def end(processes):
    """Ends the processes, and with their sessions those that they have started."""
    for signal in (15, 9):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal)
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)


def commands_of(folder, count):
    """The words of the link and its nodes, each with its log; the address for `flwr run`."""
    link, *nodes = free_ports(1 + count)
    address = f"{LOOPBACK}:{link}"
    words = ["flower-superlink", "--insecure", "--disable-runtime-dependency-installation"]
    all_words = {"superlink.log": [*words, "--host", LOOPBACK, "--port", link]}
    for device, port in enumerate(nodes):
        words = ["flower-supernode", "--insecure", "--superlink", address]
        words += ["--host", LOOPBACK, "--port", port]
        words += ["--node-config", f'commands="{folder}/commands.json" device={device}']
        all_words[f"supernode-{device}.log"] = words
    return address, all_words


def wait_for(address):
    """Until the link listens."""
    host, port = address.split(":")
    for _ in range(5 * SECONDS):
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 1):
            return
        time.sleep(0.2)
    raise SystemExit("the superlink does not start")


def submit(folder, address, settings, env):
    """`flwr run`: sends the app to the link."""
    wait_for(address)
    config = '[superlink]\ndefault = "here"\n\n[superlink.here]\n'
    config += f'address = "{address}"\ninsecure = true\n'
    Path(env["FLWR_HOME"], "config.toml").write_text(config)
    text = " ".join(f"{name}={json.dumps(value)}" for name, value in settings.items())
    words = [str(BIN / "flwr"), "run", str(HERE), "here", "--run-config", text]
    streams = {"capture_output": True, "text": True}
    done = subprocess.run(words, env=env, check=False, timeout=SECONDS, **streams)
    (folder / "run.log").write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)


def follow(lines, seconds):
    """Prints the lines as they come, to the last one; each within so many seconds."""
    seen, last = 0, time.monotonic()
    while time.monotonic() - last < seconds:
        found = lines.read_text().splitlines() if lines.exists() else []
        for line in found[seen:]:
            if line == "end":
                return
            print(line, flush=True)
            last = time.monotonic()
        seen = len(found)
        time.sleep(0.2)
    raise SystemExit(f"no line in {seconds} s; what the processes say is in {lines.parent}")


def arguments():
    """What was given."""
    words = run.parser()
    words.add_argument("--folder", default=run.TARGET / "fleet", type=Path, help="for logs")
    words.add_argument("--timeout", default=60.0, type=float, help="seconds that a round may take")
    return words.parse_args()


def main():
    """Starts all, waits for the lines, ends all."""
    args = arguments()
    folder = (args.folder / "processes").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    env = environment(folder / "home")
    commands = run.commands(args)
    (folder / "commands.json").write_text(json.dumps(commands))
    (folder / "start.record").write_bytes(run.first_network(args.program))
    keep = run.emptied((args.keep or folder / "updates").resolve())
    settings = {"strategy": args.strategy, "rounds": args.rounds, "devices": len(commands)}
    settings |= {"start": str(folder / "start.record"), "lines": str(folder / "lines")}
    settings |= {"keep": str(keep), "timeout": args.timeout}
    address, words = commands_of(folder, len(commands))
    processes = []
    try:
        for log, command in words.items():
            processes.append(start(command, folder / log, env))
        submit(folder, address, settings, env)
        follow(folder / "lines", SECONDS + args.timeout)
    finally:
        end(processes)


if __name__ == "__main__":
    main()
