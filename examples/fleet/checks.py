"""Checks of the Python files: the records, and the averages against Flower's own.

    target/flower/bin/python examples/fleet/checks.py target/release/examples/fleet
"""

import sys
import zlib

import numpy as np
from flwr.app import Array, ArrayRecord, Message, MetricRecord, RecordDict
from flwr.serverapp.strategy import FedAdam, FedAvg, FedMedian

import run
from fleet_app import average, client, record, strategy
from fleet_app.grid import OwnGrid


def refused(read, data, why):
    """Whether the bytes are refused for this reason."""
    try:
        read(bytes(data))
    except record.Refused as error:
        assert why in str(error), (why, error)
        return
    raise AssertionError(f"taken: {why}")


def sealed(data, at, new):
    """The same record with other bytes and their checksum."""
    data = bytearray(data)
    data[at : at + len(new)] = new
    return bytes(data[:-4]) + zlib.crc32(data[:-4]).to_bytes(4, "little")


def check_records(start, update):
    """What the library wrote is read and written again; what it would refuse is refused."""
    network = record.read_network(start)
    assert record.write_network(network) == start
    assert record.read_update(update, network).samples == 13
    for read in (record.read_network, lambda data: record.read_update(data, network)):
        data = start if read is record.read_network else update
        for bit in range(8 * len(data)):
            if bit % 61 == 0:
                broken = bytearray(data)
                broken[bit // 8] ^= 1 << bit % 8
                refused(read, broken, "")
        refused(read, b"", "not the bytes")
        refused(read, data[:-1], "bytes")
        refused(read, data + b"\0\0\0\0", "bytes")
        refused(read, sealed(data, 4, b"\2"), "version 1")
        refused(read, sealed(data, 16, b"1234"), "other contents")
        refused(read, sealed(data, 28, np.float32(np.nan).tobytes()), "not finite")
        refused(read, sealed(data, 32, np.float32(-np.inf).tobytes()), "not finite")
    refused(lambda data: record.read_update(data, network), start, "other contents")
    refused(lambda data: record.read_update(data, network), sealed(update, 12, b"1234"), "network")
    refused(lambda data: record.read_update(data, network), sealed(update, 20, b"\2"), "of round 2")
    refused(lambda data: record.read_update(data, network), sealed(update, -8, b"\0"), "no sample")
    huge = record.next_network(network, np.full(len(network.weights), 1e300))
    refused(lambda _: record.write_network(huge), b"", "not finite")


def made_up(count):
    """A network of all, and in each of two rounds an update of each device."""
    numbers = np.random.default_rng(1)
    draw = lambda: numbers.normal(size=50).astype(np.float32)
    update = lambda n: record.Update(n, 3 + n, record.Network(0, 1, draw()))
    rounds = [[update(n) for n in range(count)] for _ in range(2)]
    return record.Network(0, 0, draw()), rounds


def by_flower(kind, network, rounds):
    """The weights that Flower's own strategy gives."""
    def message(update):
        content = {"arrays": ArrayRecord({"w": Array(update.network.weights.astype(np.float64))})}
        content["metrics"] = MetricRecord({"num-examples": update.samples})
        return Message(RecordDict(content), dst_node_id=1, message_type="train")

    arrays = ArrayRecord({"w": Array(network.weights.astype(np.float64))})
    for number, updates in enumerate(rounds, 1):
        list(kind.configure_train(number, arrays, MetricRecord(), OwnGrid([[]] * len(updates))))
        arrays, _ = kind.aggregate_train(number, map(message, updates))
    return arrays["w"].numpy()


def check_averages(count):
    """The difference from Flower's own strategies in float64 is that of rounding to float32."""
    network, rounds = made_up(count)
    settings = {"eta": 0.1, "beta_1": 0.9, "beta_2": 0.99, "tau": 1e-3}
    nodes = {"min_available_nodes": 1, "min_train_nodes": 1}
    plain = lambda kind: lambda _, updates: kind(updates)
    for ours, theirs in (
        (plain(average.mean), FedAvg(**nodes)),
        (plain(average.median), FedMedian(**nodes)),
        (average.Adam(**settings), FedAdam(**nodes, **settings)),
    ):
        now = network
        for updates in rounds:
            now = record.next_network(now, ours(now, updates))
        right = by_flower(theirs, network, rounds)
        worst = np.max(np.abs(now.weights - right) / np.maximum(np.abs(right), 0.01))
        print(f"{type(theirs).__name__}, {count} devices: {worst:.1e}")
        assert worst < 5e-7, worst


def check_order(start, update):
    """Weights whose sum depends on the order, even in float64; the same bits for any order."""
    weights = len(record.read_network(start).weights)
    replies = []
    for device, weight in enumerate((2.0**60, 1.0, -(2.0**60), 3.0)):
        data = sealed(update, 28, np.full(weights, weight, np.float32).tobytes())
        data = sealed(data, -12, device.to_bytes(4, "little") + (1).to_bytes(4, "little"))
        content = {"arrays": strategy.pack(data), "metrics": MetricRecord({"num-examples": 1})}
        replies.append(Message(RecordDict(content), dst_node_id=1, message_type="train"))
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (0, 2, 1, 3)):
        kind = strategy.named("fedavg", 4)
        kind.network = record.read_network(start)
        arrays, _ = kind.aggregate_train(1, [replies[n] for n in order])
        found = record.read_network(strategy.unpack(arrays)).weights
        assert (found == 0.75).all(), (order, found)


def main():
    """All checks, with the program of a device."""
    program = sys.argv[1]
    start = run.first_network(program)
    update = client.learn(run.command("host", 0, program), start)
    check_records(start, update)
    OwnGrid([])
    check_order(start, update)
    for count in (1, 2, 3, 4, 7):
        check_averages(count)


if __name__ == "__main__":
    main()
