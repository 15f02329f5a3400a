"""Models of torch.onnx.export, both exporters, and of state_dict()."""

import torch
from recording import HERE, add, record, strip, uniform
from safetensors.torch import save_file
from torch import nn


def export_torch(name, model, x, dynamo, rows=None, **options):
    """Exports with a batch of any size if `x` has one, and compares if there are rows."""
    model.eval()
    path = HERE / f"{name}.onnx"
    if x.dim() == 1:
        batch = {}
    elif dynamo:
        batch = {"dynamic_shapes": ({0: torch.export.Dim.DYNAMIC},)}
    else:
        batch = {"dynamic_axes": {"x": {0: "batch"}}}
    options = {"external_data": False} | options if dynamo else options
    torch.onnx.export(model, (x,), path, dynamo=dynamo, input_names=["x"],
                      output_names=["y"], **batch, **options)
    strip(path, external=options.get("external_data", False))
    if rows is not None:
        feed = [row for row in rows] if x.dim() == 1 else [rows]
        # A layer on three axes takes the last one as its row; an image is flattened.
        width = model[0].in_features if name.endswith("rank3") else rows[0].size
        record(name, rows.reshape(-1, width), feed=feed)


def torch_networks():
    """Name, network and inputs."""
    torch.manual_seed(1)
    detector = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid())

    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = detector
            self.register_buffer("mean", torch.tensor([0.5, -1.0, 10.0]))
            self.register_buffer("scale", torch.tensor([2.0, 0.3, 7.0]))

        def forward(self, x):
            return self.net((x - self.mean) / self.scale).squeeze(-1)

    return {
        "detector": (detector, uniform(6, 3)),
        "classes": (nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 4), nn.ReLU(),
                                  nn.Linear(4, 3), nn.Softmax(dim=1)), uniform(6, 5)),
        "rank1": (detector[:3], uniform(6, 3)),
        "rank3": (detector, uniform(3, 4, 3)),
        "plain": (nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(),
                                nn.Linear(4, 2, bias=False)), uniform(6, 3)),
        "mixed": (nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Linear(4, 2)),
                  uniform(6, 3)),
        "image": (nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.ReLU(), nn.Dropout(0.5),
                                nn.Linear(4, 2)), uniform(6, 2, 3)),
        "bends": (nn.Sequential(nn.Linear(3, 4), nn.LeakyReLU(0.2), nn.Linear(4, 4),
                                nn.Hardtanh(), nn.Linear(4, 4), nn.LeakyReLU(),
                                nn.Linear(4, 2)), uniform(6, 3, scale=6)),
        "smooth": (nn.Sequential(nn.Linear(3, 4), nn.ELU(), nn.Linear(4, 4), nn.Softplus(),
                                 nn.Linear(4, 4), nn.Sigmoid(), nn.Linear(4, 2), nn.Tanh()),
                   uniform(6, 3, scale=6)),
        "linears": (nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2), nn.Identity(),
                                  nn.Linear(2, 1)), uniform(6, 3)),
        "scaled": (Scaled(), uniform(6, 3)),
    }


def from_torch():
    networks = torch_networks()
    for name, (model, rows) in networks.items():
        x = torch.zeros(3) if name == "rank1" else torch.zeros(2, *rows.shape[1:])
        export_torch(f"torch_dynamo_{name}", model, x, True, rows)
        export_torch(f"torch_script_{name}", model, x, False, rows)
    # The exporter folds this layer.
    norm = nn.BatchNorm1d(4)
    norm.running_mean[:], norm.running_var[:] = torch.tensor([[0.1, 0.5, -1, 2], [1.0, 2, 3, 0.5]])
    normed = nn.Sequential(nn.Linear(3, 4), norm, nn.ReLU(), nn.Linear(4, 2))
    export_torch("torch_dynamo_batchnorm", normed, torch.zeros(2, 3), True, uniform(6, 3))
    model, rows = networks["rank3"]
    export_torch("torch_dynamo_unfolded_rank3", model, torch.zeros(2, 4, 3), True, rows,
                 optimize=False)
    # Tensors of a few bytes stay inside.
    wide = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 10))
    export_torch("torch_dynamo_external", wide, torch.zeros(2, 12), True, uniform(6, 12),
                 external_data=True)
    refused_torch()
    state_dicts(networks["detector"][0])


def state_dicts(detector):
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(3, 4), nn.Linear(4, 2)

        def forward(self, x):
            return torch.softmax(self.fc2(torch.relu(self.fc1(x))), dim=1)

    rows = uniform(6, 3)
    sequential = {f"net.{name}": value for name, value in detector.state_dict().items()}
    save_file(sequential, HERE / "state_sequential.safetensors")
    add("state_sequential", rows, detector(torch.tensor(rows)).detach().numpy())
    named = Named()
    save_file(named.state_dict(), HERE / "state_named.safetensors")
    add("state_named", rows, named(torch.tensor(rows)).detach().numpy())


def refused_torch():
    class Skip(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(3, 3), nn.Linear(3, 1)

        def forward(self, x):
            return self.fc2(x + torch.relu(self.fc1(x)))

    class Two(Skip):
        def forward(self, x):
            hidden = torch.relu(self.fc1(x))
            return hidden, self.fc2(hidden)

    def through(*middle):
        return nn.Sequential(nn.Linear(3, 4), *middle, nn.Linear(4, 2))

    x = torch.zeros(2, 3)
    for name, model in [
        ("gelu", through(nn.GELU())), ("relu6", through(nn.ReLU6())),
        ("elu2", through(nn.ELU(0.5))), ("skip", Skip()),
        ("log_softmax", through(nn.ReLU()).append(nn.LogSoftmax(dim=1))),
    ]:
        export_torch(f"refused_{name}", model, x, True)
    export_torch("refused_batchnorm", through(nn.BatchNorm1d(4)), x, False)
    torch.onnx.export(Two(), (x,), HERE / "refused_outputs.onnx", dynamo=False,
                      input_names=["x"], output_names=["hidden", "y"])
    strip(HERE / "refused_outputs.onnx")
