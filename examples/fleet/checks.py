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


def resized(data, others, numbers):
    """The same record with these bytes as numbers; length, contents and checksum belong to them."""
    length, count = record.HEADER.size + len(numbers) + 4, (len(numbers) - others) // 4
    contents = (record.UPDATE if others else record.NETWORK).format(count).encode()
    data = sealed(data[:28] + numbers + data[-4:], 8, length.to_bytes(4, "little"))
    return sealed(data, 16, zlib.crc32(contents).to_bytes(4, "little"))


def check_lengths(start, update):
    """Bytes that are no whole weights; other numbers of weights."""
    network = record.read_network(start)
    read = lambda data: record.read_update(data, network)
    assert resized(update, 8, update[28:-4]) == update
    assert resized(start, 0, start[28:-4]) == start
    for more in (b"\0", b"\0\0", b"\0\0\0"):
        refused(read, resized(update, 8, more + update[28:-4]), "not whole weights")
        refused(record.read_network, resized(start, 0, start[28:-4] + more), "not whole weights")
    refused(read, resized(update, 8, update[32:-4]), "1139 weights, not 1140")
    refused(read, resized(update, 8, bytes(4) + update[28:-4]), "1141 weights, not 1140")


def reply_of(arrays):
    """A reply with these arrays."""
    content = {"arrays": arrays, "metrics": MetricRecord({"num-examples": 1})}
    return Message(RecordDict(content), dst_node_id=1, message_type="train")


def check_junk(start, update):
    """Replies that are no record at all are refused, and the good one is taken."""
    array = lambda data: ArrayRecord({"record": Array("uint8", (4,), "numpy.ndarray", data)})
    junk = [array(data) for data in (b"", b"junk", b"\x93NUMPY", b"\x93NUMPY\1\0\2\0{}", b"PK\3\4")]
    junk += [ArrayRecord({"record": Array("f4", (1,), "torch", b"1234")}), ArrayRecord()]
    junk += [MetricRecord({"record": 1.0})]
    replies = [*map(reply_of, junk), reply_of(strategy.pack(update))]
    replies.append(Message(RecordDict(), dst_node_id=1, message_type="train"))
    kind = strategy.named("fedavg", 4)
    kind.network = record.read_network(start)
    with_junk = kind.updates(1, replies)
    assert [found.device for found in with_junk] == [0], with_junk


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
        replies.append(reply_of(strategy.pack(data)))
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (0, 2, 1, 3)):
        kind = strategy.named("fedavg", 4)
        kind.network = record.read_network(start)
        arrays, _ = kind.aggregate_train(1, [replies[n] for n in order])
        found = record.read_network(strategy.unpack(arrays)).weights
        assert (found == 0.75).all(), (order, found)


def check_twice(start, update):
    """Two updates of one device, and one of a device that there is not, in any order."""
    of = lambda device, data: sealed(data, -12, device.to_bytes(4, "little"))
    other = sealed(update, 28, bytes(4))
    data = [of(1, update), of(2, update), of(1, other), of(4, update)]
    replies = [reply_of(strategy.pack(one)) for one in data]
    for order in ((0, 1, 2, 3), (2, 3, 1, 0)):
        kind = strategy.named("fedavg", 4)
        kind.network = record.read_network(start)
        found = kind.updates(1, [replies[n] for n in order])
        assert [update.device for update in found] == [2], order


def check_no_chip():
    """A sentence for a chip that was not built."""
    try:
        run.command("no-chip", 0, "")
    except SystemExit as why:
        assert "no-chip.json" in str(why), why
        return
    raise AssertionError("there is a chip of no name")


def main():
    """All checks, with the program of a device."""
    program = sys.argv[1]
    start = run.first_network(program)
    update = client.learn(run.command("host", 0, program), start)
    check_records(start, update)
    check_lengths(start, update)
    OwnGrid([])
    check_order(start, update)
    check_junk(start, update)
    check_twice(start, update)
    check_no_chip()
    for count in (1, 2, 3, 4, 7):
        check_averages(count)


if __name__ == "__main__":
    main()
