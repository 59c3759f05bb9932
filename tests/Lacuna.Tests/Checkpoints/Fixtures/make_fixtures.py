#!/usr/bin/env python3
"""Writes the PyTorch files beside this script with torch.save (made with PyTorch 1.13.0, CPU).

types.*:    every element type, a scalar, an empty tensor, views (transposed, strided, expanded), shared storages, a parameter.
training.*: what a training script saves: epoch and score, a DataParallel network's state dict, Adam's state.
plain.*:    every element type, contiguous, in an OrderedDict without attributes: our writer must pickle it to the same bytes.
nested.*:   a state dict two dicts deep, under torch.compile's and DataParallel's marks, beside what scripts save with it.
Every value is a simple function of its index, which PyTorchFixtureTests computes again.
"""
import argparse
import pathlib
from collections import Counter, OrderedDict, defaultdict

import numpy
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


def plain():
    dtypes = torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64
    content = OrderedDict((f"layer{i}.{name}", ramp(shape, dtype, 0, 1)) for i, dtype in enumerate(dtypes)
                          for name, shape in (("weight", (2, 1, 3, 1)), ("bias", (3,))))
    content.update({"truth": torch.tensor([True, False]), "counter": torch.tensor(7), "größe": torch.zeros(300),
                    "none": torch.zeros(0, 70000), "void": torch.zeros(2 ** 31, 0, 2 ** 15)})
    return content


def nested():
    weights = {f"_orig_mod.module.{name}": value for name, value in plain().items()}
    counts = defaultdict(int)
    counts["seen"] = 5
    return {"args": argparse.Namespace(lr=0.1, net="tiny", device=torch.device("cuda:1"), shape=(3, 32)), "best": numpy.float64(93.5), "steps": numpy.int64(7),
            "counts": counts, "tally": Counter("aab"), "types": {torch.float32, torch.bool}, "raw": b"ab\xff", "size": torch.Size([2, 3]),
            "checkpoint": {"model": weights, "optimizer": {"state": {0: {"exp_avg": torch.ones(2)}}}}, "model": {"state_dict": weights}}


for name, content in ("types", types()), ("training", training()), ("plain", plain()), ("nested", nested()):
    torch.save(content, HERE / f"{name}.zip.pt")
    torch.save(content, HERE / f"{name}.legacy.pt", _use_new_zipfile_serialization=False)
