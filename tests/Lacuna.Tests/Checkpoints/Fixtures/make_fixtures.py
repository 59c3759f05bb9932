#!/usr/bin/env python3
"""Writes the PyTorch files beside this script with torch.save (made with PyTorch 1.13.0, CPU).

types.*:    every element type, a scalar, an empty tensor, views (transposed, strided, expanded), shared storages, a parameter.
training.*: what a training script saves: epoch and score, a DataParallel network's state dict, Adam's state.
Every value is a simple function of its index, which PyTorchFixtureTests computes again.
"""
import pathlib
from collections import OrderedDict

import torch

HERE = pathlib.Path(__file__).parent


def ramp(shape, dtype, begin=-2.0, step=0.5):
    count = torch.Size(shape).numel()
    return (torch.arange(count, dtype=torch.float64) * step + begin).reshape(shape).to(dtype)


def types():
    shared = ramp((10,), torch.float32)
    return OrderedDict(
        f16=ramp((2, 3), torch.float16), bf16=ramp((2, 3), torch.bfloat16),
        f32=ramp((2, 3), torch.float32), f64=ramp((2, 3), torch.float64),
        i8=ramp((5,), torch.int8, -2, 1), u8=ramp((5,), torch.uint8, 250, 1),
        i16=ramp((5,), torch.int16, -300, 100), i32=ramp((5,), torch.int32, -70000, 30000),
        i64=ramp((5,), torch.int64, -5e9, 3e9), bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(7), empty=torch.zeros(0, 3),
        transposed=ramp((2, 3), torch.float32).t(), strided=ramp((20,), torch.float32)[3::4],
        expanded=ramp((3,), torch.float64).expand(2, 3),
        shared_a=shared[2:5], shared_b=shared[4:8],
        parameter=torch.nn.Parameter(ramp((2, 2), torch.float32)))


def training():
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.Linear(2, 2))
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.ones(4, 1, 3, 3)).sum().backward()
    optimiser.step()
    for tensor in net.state_dict().values():
        tensor.copy_(ramp(tuple(tensor.shape), tensor.dtype))
    return {"epoch": 3, "best_prec1": 91.25, "arch": "tiny", "resumed": True, "scheduler": None,
            "state_dict": torch.nn.DataParallel(net).state_dict(), "optimizer": optimiser.state_dict()}


for name, content in ("types", types()), ("training", training()):
    torch.save(content, HERE / f"{name}.zip.pt")
    torch.save(content, HERE / f"{name}.legacy.pt", _use_new_zipfile_serialization=False)
