"""A grid in one process: devices answer in an order that is given, or do not answer."""

from flwr.app import Message
from flwr.serverapp import Grid
from flwr.supercore.task_identity import TaskIdentity

from fleet_app import client


class OwnGrid(Grid):
    """Nodes 1, 2, ... are the devices 0, 1, ..., which `commands` run."""

    def __init__(self, commands, order=None, silent=()):
        self.commands = commands
        self.order = order or range(len(commands))
        self.silent = set(silent)
        self.round = 0
        self.replies = {}
        # What a message says of its sender; Flower sets it in its own processes.
        TaskIdentity.task_id = TaskIdentity.run_id = TaskIdentity.node_id = 1

    def set_run(self, run):
        """There is one run."""

    @property
    def run(self):
        """It has no name."""
        raise NotImplementedError

    def create_message(self, content, message_type, dst_node_id, group_id, ttl=None):
        """As Flower's."""
        return Message(content, dst_node_id, message_type, ttl=ttl, group_id=group_id)

    def get_node_ids(self):
        """All devices, also those that will not answer."""
        return range(1, len(self.commands) + 1)

    def push_messages(self, messages):
        """Each device answers in its turn."""
        for message in messages:
            device = message.metadata.dst_node_id - 1
            if (self.round, device) not in self.silent:
                self.replies[device] = client.answer(message, self.commands[device])
        return [str(device) for device in self.order if device in self.replies]

    def pull_messages(self, message_ids):
        """The replies, in this order."""
        return [self.replies.pop(int(name)) for name in message_ids]

    def send_and_receive(self, messages, *, timeout=None):
        """A round of training; Flower asks for an evaluation with no message."""
        messages = list(messages)
        if messages:
            self.round += 1
        return self.pull_messages(self.push_messages(messages))
