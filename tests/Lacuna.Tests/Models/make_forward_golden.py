"""Prints the rows of ForwardGoldenTests: logits and input gradients of three networks in PyTorch, float64.

The networks are written here from their papers with PyTorch's own layers and the parameter names of the public
checkpoints; weights and images come from the integer formula that Formula.cs repeats. Run: python3 make_forward_golden.py
"""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class OptionA(nn.Module):
    """Shortcut without parameters: every second pixel, zero channels before and after."""

    def __init__(self, extra):
        super().__init__()
        self.extra = extra

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.extra // 2, self.extra // 2))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, projection):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride == 1 and inputs == outputs:
            self.downsample = nn.Sequential()
        elif projection:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        else:
            self.downsample = OptionA(outputs - inputs)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, widths, blocks, projection, head, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        inputs = widths[0]
        self.stages = len(widths)
        for stage, outputs in enumerate(widths):
            layers = []
            for block in range(blocks):
                layers.append(Block(inputs, outputs, 2 if stage > 0 and block == 0 else 1, projection))
                inputs = outputs
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.head = head
        setattr(self, head, nn.Linear(inputs, classes))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return getattr(self, self.head)(F.adaptive_avg_pool2d(x, 1).flatten(1))


class CnnS(nn.Module):
    def __init__(self, side, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5, stride=2, padding=2, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)
        self.fc1 = nn.Linear(32 * (side // 4) ** 2, 512)
        self.fc2 = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def values(k, shape):
    i = np.arange(math.prod(shape), dtype=np.int64)
    return torch.from_numpy(((i * i * 31 + i * k * 17 + k * 101 + 7) % 10007) / 10007.0).reshape(shape)


def fill(model):
    state = {n: t for n, t in model.state_dict().items() if not n.endswith("num_batches_tracked")}
    for k, name in enumerate(sorted(state)):
        target = state[name]
        v = values(k, tuple(target.shape))
        if target.dim() > 1:
            v = (v * 2 - 1) * math.sqrt(3.0 * target.size(0) / target.numel())
        elif name.endswith("running_var") or name.endswith(".weight"):
            v = v + 0.5
        else:
            v = (v - 0.5) * 0.4
        target.copy_(v)


def single(numbers):
    return torch.tensor(numbers, dtype=torch.float32).to(torch.float64).view(1, -1, 1, 1)


def row(name, model, channels, mean, std, side=8):
    model = model.double().eval()
    with torch.no_grad():
        fill(model)
    x = values(99, (2, channels, side, side)).requires_grad_()
    logits = model((x - single(mean)) / single(std))
    weights = torch.tensor([[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]], dtype=torch.float64)
    (g,) = torch.autograd.grad((logits * weights).sum(), x)
    parameters = sum(p.numel() for p in model.parameters())
    flat = g.flatten()

    def text(numbers):
        return ", ".join(f"{n:.14g}" for n in numbers.flatten().tolist())

    print(f"// {name}, {parameters} parameters")
    print(f"[{text(logits)}],\n[{text(flat[::37])}],\n{float((flat * flat).sum()):.14g}")


IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
row("cnn-s", CnnS(8, 3), 1, [0.286], [0.353])
row("resnet32", ResNet([16, 32, 64], 5, False, "linear", 3), 3, *IMAGENET)
row("resnet18", ResNet([64, 128, 256, 512], 2, True, "fc", 3), 3, *IMAGENET)
