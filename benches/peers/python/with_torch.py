"""PyTorch as its tutorials have it: modules, BCELoss, optim.SGD, optim.Adam."""

import torch

torch.set_num_threads(1)


class Eager:
    def __init__(self, problem):
        layers = []
        for weight in problem.weights:
            outputs, inputs = weight.shape
            linear = torch.nn.Linear(inputs, outputs, bias=False)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight))
            layers += [linear, torch.nn.ReLU()] if problem.relu else [linear]
        if problem.relu:
            layers.pop()
        self.network = torch.nn.Sequential(*layers, torch.nn.Sigmoid())
        self.optimizer = self.optimizer_of(self.network.parameters())
        self.x, self.y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)
        bce = torch.nn.BCELoss()
        self.infer = self.network
        self.loss_of = lambda x, y: bce(self.network(x), y)

    def forward(self):
        with torch.inference_mode():
            self.y_hat = self.infer(self.x)

    def optimizer_of(self, parameters):
        return torch.optim.SGD(parameters, lr=0.0)

    def step(self, rate):
        self.optimizer.param_groups[0]["lr"] = rate
        self.optimizer.zero_grad()
        self.loss = self.loss_of(self.x, self.y)
        self.loss.backward()
        self.optimizer.step()
        self.loss = self.loss.detach()

    def outputs(self):
        return self.y_hat.numpy()

    def trained(self):
        return [weight.detach().numpy() for weight in self.network.parameters()]


class Fused(Eager):
    """Adam as one loop in C++ over all parameters."""

    def optimizer_of(self, parameters):
        return torch.optim.Adam(parameters, lr=0.0, fused=True)

    def adam(self, rate):
        self.step(rate)


class Foreach(Fused):
    """Adam as operations on lists of all parameters."""

    def optimizer_of(self, parameters):
        return torch.optim.Adam(parameters, lr=0.0, foreach=True)


class Compiled(Eager):
    """The network and the loss are compiled, for this batch alone; the update is the optimiser's own."""

    def __init__(self, problem):
        super().__init__(problem)
        torch._dynamo.reset()
        self.infer = torch.compile(self.infer, dynamic=False)
        self.loss_of = torch.compile(self.loss_of, dynamic=False)
