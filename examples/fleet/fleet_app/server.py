"""The server: rounds of a strategy, and a line for each."""

from pathlib import Path

from flwr.serverapp import ServerApp

from fleet_app import record, strategy

app = ServerApp()


def run(grid, kind, start, rounds, say, timeout=3600.0, keep=None):
    """All rounds from the record `start`; says the line of each. `keep` is a folder for updates."""
    kind.keep = keep

    def evaluate(_, arrays):
        say(record.line(record.read_network(strategy.unpack(arrays))))

    arrays = strategy.pack(start)
    kind.start(grid, arrays, num_rounds=rounds, timeout=timeout, evaluate_fn=evaluate)


@app.main()
def main(grid, context):
    """Called by Flower, with the settings of `pyproject.toml` and of `flwr run`."""
    config = context.run_config
    lines = Path(config["lines"])
    lines.write_text("")

    def say(line):
        with lines.open("a") as file:
            file.write(line + "\n")

    kind = strategy.named(config["strategy"], config["devices"])
    start = Path(config["start"]).read_bytes()
    run(grid, kind, start, config["rounds"], say, config["timeout"], Path(config["keep"]))
    say("end")
