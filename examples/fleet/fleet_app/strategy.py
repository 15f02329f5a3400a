"""Flower's FedAvg, FedAdam and FedMedian, with sums in order of devices and checked records."""

import logging

import numpy as np
from flwr.app import Array, ArrayRecord, MetricRecord
from flwr.serverapp.strategy import FedAdam, FedAvg, FedMedian

from fleet_app import average, record

log = logging.getLogger("flwr")


def pack(data):
    """The bytes of a record as Flower's arrays."""
    return ArrayRecord({"record": Array(np.frombuffer(data, np.uint8).copy())})


def unpack(arrays):
    """The bytes of a record. Whatever numpy raises, it is about an array from elsewhere."""
    try:
        return arrays["record"].numpy().astype(np.uint8).tobytes()
    except Exception as why:
        raise record.Refused(f"no array with a record: {why!r}") from why


class InOrder:
    """Replaces how Flower's strategies add: `network` is the network of all."""

    network = None
    devices = None
    keep = None

    def configure_train(self, server_round, arrays, config, grid):
        """After the first round no device is waited for that is away."""
        self.network = record.read_network(unpack(arrays))
        messages = list(super().configure_train(server_round, arrays, config, grid))
        self.min_available_nodes = 1
        return messages

    def aggregate_train(self, server_round, replies):
        """The record of the next network of all; none if there is no good update."""
        updates = self.updates(server_round, list(replies))
        if not updates:
            return None, None
        weights = self.next_weights(self.network, updates)
        self.network = record.next_network(self.network, weights)
        samples = sum(update.samples for update in updates)
        metrics = MetricRecord({"num-examples": samples, "devices": len(updates)})
        return pack(record.write_network(self.network)), metrics

    def updates(self, server_round, replies):
        """The good updates of a round, in order of devices; of two of one device none is good."""
        found = {}
        for reply in replies:
            if reply.has_error():
                log.warning("round %d: a device refused: %s", server_round, reply.error.reason)
                continue
            try:
                data = unpack(reply.content["arrays"])
                update = record.read_update(data, self.network)
                if update.device >= self.devices:
                    raise record.Refused(f"there is no device {update.device}")
            except (record.Refused, KeyError, TypeError) as why:
                log.warning("round %d: an update is refused: %s", server_round, why)
                continue
            found.setdefault(update.device, []).append((update, data))
        for device, updates in found.items():
            if len(updates) > 1:
                why = f"{len(updates)} updates of device {device}"
                log.warning("round %d: all are refused: %s", server_round, why)
        single = [found[device][0] for device in sorted(found) if len(found[device]) == 1]
        return [self.kept(*update) for update in single]

    def kept(self, update, data):
        """The update, of which the bytes are written if they are to be kept."""
        if self.keep:
            name = f"round-{update.network.rounds}-device-{update.device}.record"
            (self.keep / name).write_bytes(data)
        return update


class FleetAverage(InOrder, FedAvg):
    """FedAvg, weighted by samples."""

    def next_weights(self, network, updates):
        """The mean."""
        return average.mean(updates)


class FleetAdam(InOrder, FedAdam):
    """FedAdam, with Flower's settings by Flower's names."""

    adam = None

    def next_weights(self, network, updates):
        """A step of Adam."""
        if self.adam is None:
            self.adam = average.Adam(self.eta, self.beta_1, self.beta_2, self.tau)
        return self.adam(network, updates)


class FleetMedian(InOrder, FedMedian):
    """FedMedian; it does not ask for the samples."""

    def next_weights(self, network, updates):
        """The median."""
        return average.median(updates)


def named(name, devices):
    """The strategy of this name, for so many devices at the start."""
    kinds = {"fedavg": FleetAverage, "fedadam": FleetAdam, "fedmedian": FleetMedian}
    kind = kinds[name](fraction_evaluate=0.0, min_train_nodes=1, min_available_nodes=devices)
    kind.devices = devices
    return kind
