"""Writes script.pt, two.pt, nested.pt and jit.json: small TorchScript modules, and what PyTorch computes with the first.

    python3 make_jit.py            (torch 1.13; values are float64)
"""
import json
import os
import zipfile

import torch
from torch import nn


def path(name):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


def entry(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().double().flatten().tolist()}


def save(module, name):
    torch.jit.save(torch.jit.script(module), path(name))
    # Source locations name folders of the machine that made the file; nothing but Python's stack traces reads them.
    with zipfile.ZipFile(path(name)) as source:
        entries = [(entry.filename, source.read(entry)) for entry in source.infolist() if not entry.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED) as target:
        for filename, content in entries:
            target.writestr(zipfile.ZipInfo(filename), content, zipfile.ZIP_DEFLATED)


class Script(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(inplace=True))
        self.last = nn.Linear(4, 2, bias=False)
        self.last.weight.requires_grad_(False)
        self.scale = 2.0
        self.register_buffer("shift", torch.tensor([0.5, -0.25]))

    def forward(self, x):
        return self.last(self.first(x)) * self.scale + self.shift


class Pair(nn.Module):
    def forward(self, x):
        return x + 1, [x, x * 2]


class Two(nn.Module):
    def forward(self, x):
        return x + 1, x * 2


generator = torch.Generator().manual_seed(4)
module = Script()
with torch.no_grad():
    for value in module.state_dict().values():
        if value.is_floating_point():
            value.copy_(torch.rand(value.shape, generator=generator))
save(module, "script.pt")
save(Two(), "two.pt")
save(Pair(), "nested.pt")

module.double().eval()
x = torch.rand(5, 3, generator=generator, dtype=torch.float64).requires_grad_()
output = module(x)
weight = module.first[0].weight
(slope,) = torch.autograd.grad(output.square().sum(), x, create_graph=True)
(second,) = torch.autograd.grad(slope.square().sum(), weight)
record = {"input": entry(x), "output": entry(output), "slope": entry(slope), "second": entry(second)}
module.train()
record["training_output"] = entry(module(x))
record["running_mean"] = entry(module.first[1].running_mean)
with open(path("jit.json"), "w", encoding="ascii") as file:
    json.dump(record, file, separators=(",", ":"))
    file.write("\n")
