"""The two records that travel, by `src/guide/record.md`: the network of all, a device's update."""

import struct
import zlib
from dataclasses import dataclass, replace

import numpy as np

HEADER = struct.Struct("<4sIIIIQ")
NETWORK = "Network[{}]f32"
UPDATE = "Update{{network:Network[{}]f32,device:u32,samples:u32}}"


class Refused(ValueError):
    """A record that the library would refuse too."""


@dataclass(frozen=True)
class Network:
    """The network of all after so many rounds."""

    fingerprint: int
    rounds: int
    weights: np.ndarray


@dataclass(frozen=True)
class Update:
    """What a device has learned, from so many samples."""

    device: int
    samples: int
    network: Network


def read_network(data):
    """The network in these bytes."""
    fingerprint, rounds, numbers = checked(data, NETWORK, 0)
    return Network(fingerprint, rounds, weights(numbers))


def read_update(data, like):
    """The update in these bytes, of the network of all, in the round after `like`."""
    fingerprint, rounds, numbers = checked(data, UPDATE, 8)
    if fingerprint != like.fingerprint:
        raise Refused(f"a record of the network {fingerprint:#010x}, not {like.fingerprint:#010x}")
    if rounds != like.rounds + 1:
        raise Refused(f"an update of round {rounds}, not of round {like.rounds + 1}")
    if len(numbers) - 8 != like.weights.nbytes:
        raise Refused(f"{(len(numbers) - 8) // 4} weights, not {like.weights.size}")
    device, samples = struct.unpack("<II", numbers[-8:])
    if samples == 0:
        raise Refused("an update from no sample")
    return Update(device, samples, Network(fingerprint, rounds, weights(numbers[:-8])))


def checked(data, contents, others):
    """Fingerprint, steps and numbers, `others` bytes of which are not weights."""
    count, rest = divmod(len(data) - HEADER.size - 4 - others, 4)
    if count < 1:
        raise Refused("not the bytes of a record")
    magic, version, length, fingerprint, found, steps = HEADER.unpack_from(data)
    if (magic, version) != (b"STKP", 1):
        raise Refused("the bytes do not begin as a record of version 1 does")
    if length != len(data):
        raise Refused(f"{len(data)} bytes, not {length}")
    if rest:
        raise Refused(f"{len(data)} bytes, not whole weights")
    if data[-4:] != checksum(data[:-4]):
        raise Refused("the checksum is wrong: bytes have changed")
    if found != zlib.crc32(contents.format(count).encode()):
        raise Refused("a record with other contents")
    return fingerprint, steps, data[HEADER.size : -4]


def weights(numbers):
    """The weights, all of them finite."""
    weights = np.frombuffer(numbers, "<f4")
    if not np.isfinite(weights).all():
        raise Refused("a weight is not finite")
    return weights


def checksum(data):
    """CRC-32, as the last four bytes of a record."""
    return struct.pack("<I", zlib.crc32(data))


def write_network(network):
    """The record of the network of all."""
    numbers = network.weights.astype("<f4").tobytes()
    weights(numbers)
    contents = zlib.crc32(NETWORK.format(len(numbers) // 4).encode())
    length = HEADER.size + len(numbers) + 4
    header = (b"STKP", 1, length, network.fingerprint, contents, network.rounds)
    data = HEADER.pack(*header) + numbers
    return data + checksum(data)


def next_network(network, weights):
    """The network of all, one round later."""
    with np.errstate(over="ignore"):
        rounded = weights.astype(np.float32)
    return replace(network, rounds=network.rounds + 1, weights=rounded)


def line(network):
    """The line of a round: FNV-1a, 64 bits, of the weights as in the record."""
    value = 0xCBF29CE484222325
    for byte in network.weights.astype("<f4").tobytes():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"round {network.rounds} hash {value:016x}"
