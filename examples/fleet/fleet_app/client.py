"""The client: hands the record of the network to its device, and the device's update back."""

import json
import subprocess
import tempfile
from pathlib import Path

from flwr.app import Error, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp

from fleet_app import record, strategy

app = ClientApp()

# What a device may take. It takes a second.
SECONDS = 60

# Flower has codes below 100.
REFUSED = 100


class Refused(Exception):
    """What the device said."""


def learn(command, data):
    """A round on a device: `command` has the words {in} and {out} for two files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {"{in}": f"{folder}/in", "{out}": f"{folder}/out"}
        Path(paths["{in}"]).write_bytes(data)
        words = []
        for word in command:
            for name, path in paths.items():
                word = word.replace(name, path)
            words.append(word)
        try:
            ended = subprocess.run(
                words, capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as why:
            raise Refused(f"no end in {SECONDS} s") from why
        if ended.returncode != 0:
            said = (ended.stdout + ended.stderr).decode(errors="replace").strip()
            raise Refused(said or f"exit code {ended.returncode}")
        return Path(paths["{out}"]).read_bytes()


def answer(message, command):
    """The reply to a message of training."""
    try:
        update = learn(command, strategy.unpack(message.content["arrays"]))
    except (Refused, record.Refused, KeyError, OSError) as why:
        return Message(Error(REFUSED, str(why)), reply_to=message)
    # The number that counts is in the update, under its checksum; Flower asks for a metric.
    samples = int.from_bytes(update[-8:-4], "little")
    content = {"arrays": strategy.pack(update), "metrics": MetricRecord({"num-examples": samples})}
    return Message(RecordDict(content), reply_to=message)


@app.train()
def train(message, context):
    """Called by Flower: `--node-config 'commands="devices.json" device=2'`."""
    config = context.node_config
    commands = json.loads(Path(config["commands"]).read_text())
    return answer(message, commands[config["device"]])
