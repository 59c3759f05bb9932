"""Writes nn.json: what PyTorch computes for small modules, optimisers and schedules.

    python3 make_golden.py            (torch 1.13; values are float64 unless said otherwise)

A tensor is {"shape": [...], "values": [...]} in row-major order.
"""
import json
import os

import torch
from torch import nn

generator = torch.Generator().manual_seed(20)


def draw(*shape):
    # Four decimals keep the file short; they are exact as far as both sides are concerned.
    return torch.round(torch.randn(*shape, generator=generator, dtype=torch.float64) * 1e4) / 1e4


def entry(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().double().flatten().tolist()}


def fill(module):
    """Gives every parameter drawn values and returns them by name."""
    for parameter in module.parameters():
        parameter.data = draw(*parameter.shape)
    return {name: entry(parameter) for name, parameter in module.named_parameters()}


def case(module, x):
    module.double()
    return {"state": fill(module), "input": entry(x), "output": entry(module(x))}


def modules():
    image = draw(2, 4, 5, 6)
    return {
        "conv_stride": case(nn.Conv2d(4, 3, 3, stride=2, padding=1), image),
        "conv_groups": case(nn.Conv2d(4, 2, (3, 2), stride=(1, 2), padding=(2, 1), dilation=(2, 1), groups=2, bias=False), image),
        "conv_same": case(nn.Conv2d(4, 2, (2, 4), padding="same"), image),
        "conv_reflect": case(nn.Conv2d(4, 2, 3, padding=(2, 1), padding_mode="reflect"), image),
        "linear": case(nn.Linear(6, 3), image),
        "linear_no_bias": case(nn.Linear(6, 3, bias=False), image),
        "layer_norm": case(nn.LayerNorm((5, 6), eps=1e-3), image),
        "layer_norm_plain": case(nn.LayerNorm(6, elementwise_affine=False), image),
        "max_pool": case(nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True), image),
        "max_pool_pair": case(nn.MaxPool2d((2, 3), dilation=(2, 1)), image),
        "avg_pool": case(nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), image),
        "avg_pool_divisor": case(nn.AvgPool2d((2, 3), ceil_mode=True, divisor_override=5), image),
        "adaptive_avg_pool": case(nn.AdaptiveAvgPool2d((3, 2)), image),
        "gelu": case(nn.GELU(), image),
        "relu": case(nn.ReLU(), image),
    }


def batch_norm(momentum):
    module = nn.BatchNorm2d(3, momentum=momentum).double()
    record = {"state": fill(module), "batches": [], "momentum": momentum}
    for _ in range(3):
        x = draw(2, 3, 2, 2)
        record["batches"].append({
            "input": entry(x),
            "output": entry(module(x)),
            "running_mean": entry(module.running_mean),
            "running_var": entry(module.running_var),
            "num_batches_tracked": module.num_batches_tracked.item(),
        })
    module.eval()
    record["eval_input"] = entry(draw(2, 3, 2, 2))
    record["eval_output"] = entry(module(torch.tensor(record["eval_input"]["values"], dtype=torch.float64).reshape(2, 3, 2, 2)))
    return record


def initial():
    """Default and explicit initial values from the global generator, float32."""
    torch.manual_seed(7)
    conv, linear = nn.Conv2d(4, 6, 3, groups=2), nn.Linear(5, 4)
    weights = {"conv.weight": conv.weight, "conv.bias": conv.bias, "linear.weight": linear.weight, "linear.bias": linear.bias}
    torch.manual_seed(8)
    weights["kaiming_uniform_fan_out_relu"] = nn.init.kaiming_uniform_(torch.empty(3, 4, 2, 2), mode="fan_out", nonlinearity="relu")
    weights["kaiming_normal_leaky"] = nn.init.kaiming_normal_(torch.empty(3, 4, 2, 2), a=0.3)
    weights["xavier_uniform"] = nn.init.xavier_uniform_(torch.empty(3, 4, 2, 2), gain=1.5)
    weights["xavier_normal"] = nn.init.xavier_normal_(torch.empty(3, 4, 2, 2))
    return {name: entry(weight) for name, weight in weights.items()}


START = [0.8, -1.5, 2.0, 0.1]
CURVATURE = [1.0, 0.5, 3.0, -0.2]


def trajectory(make):
    """Five steps on sum(c p^2)/2 + sum(sin(2 p)), after each the parameter."""
    p = nn.Parameter(torch.tensor(START, dtype=torch.float64))
    c = torch.tensor(CURVATURE, dtype=torch.float64)
    optimizer = make([p])
    points = []
    for _ in range(5):
        optimizer.zero_grad()
        ((c * p * p).sum() / 2 + (2 * p).sin().sum()).backward()
        optimizer.step()
        points.append(p.tolist())
    return points


def optimizers():
    sgd, adam, adamw = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
    return {
        "sgd": trajectory(lambda p: sgd(p, 0.1)),
        "sgd_momentum": trajectory(lambda p: sgd(p, 0.1, momentum=0.9)),
        "sgd_dampening_decay": trajectory(lambda p: sgd(p, 0.1, momentum=0.8, dampening=0.3, weight_decay=0.05)),
        "sgd_nesterov_decay": trajectory(lambda p: sgd(p, 0.1, momentum=0.9, weight_decay=0.05, nesterov=True)),
        "sgd_maximize_decay": trajectory(lambda p: sgd(p, 0.1, weight_decay=0.05, maximize=True)),
        "adam": trajectory(lambda p: adam(p, 0.1)),
        "adam_decay": trajectory(lambda p: adam(p, 0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2)),
        "adam_amsgrad": trajectory(lambda p: adam(p, 0.3, betas=(0.5, 0.5), amsgrad=True)),
        "adam_maximize_decay": trajectory(lambda p: adam(p, 0.1, weight_decay=0.2, maximize=True)),
        "adamw_decay": trajectory(lambda p: adamw(p, 0.1, weight_decay=0.2)),
        "adamw_amsgrad_maximize": trajectory(lambda p: adamw(p, 0.3, betas=(0.5, 0.5), weight_decay=0.2, amsgrad=True, maximize=True)),
    }


def rates(*makers):
    """Learning rates of two groups over 13 epochs; several schedules are stepped one after another."""
    groups = [{"params": [nn.Parameter(torch.zeros(1))], "lr": lr} for lr in (0.1, 0.02)]
    optimizer = torch.optim.SGD(groups, lr=1)
    schedules = [make(optimizer) for make in makers]
    table = []
    for _ in range(13):
        table.append([group["lr"] for group in optimizer.param_groups])
        optimizer.step()
        for schedule in schedules:
            schedule.step()
    return table


def schedulers():
    s = torch.optim.lr_scheduler
    return {
        "step": rates(lambda o: s.StepLR(o, 4, gamma=0.3)),
        "multi_step": rates(lambda o: s.MultiStepLR(o, [2, 5, 5, 9], gamma=0.5)),
        "exponential": rates(lambda o: s.ExponentialLR(o, 0.9)),
        "cosine": rates(lambda o: s.CosineAnnealingLR(o, 5, eta_min=0.001)),
        "lambda": rates(lambda o: s.LambdaLR(o, lambda epoch: 1 / (1 + epoch))),
        "step_then_cosine": rates(lambda o: s.StepLR(o, 3, gamma=0.5), lambda o: s.CosineAnnealingLR(o, 20)),
    }


golden = {
    "torch": torch.__version__,
    "modules": modules(),
    "batch_norm": {"exponential": batch_norm(0.2), "cumulative": batch_norm(None)},
    "initial": initial(),
    "start": START,
    "curvature": CURVATURE,
    "optimizers": optimizers(),
    "schedulers": schedulers(),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "nn.json"), "w", encoding="ascii") as file:
    json.dump(golden, file, indent=None, separators=(",", ":"))
    file.write("\n")
