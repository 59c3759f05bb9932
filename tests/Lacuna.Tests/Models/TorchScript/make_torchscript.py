"""Writes the TorchScript files and golden values beside it: what PyTorch computes with small script modules.

    python3 make_torchscript.py         (torch 1.13)

scripted.pt   a convolution, batch norm, in-place ReLU, a residual block, average pool, linear; scripted; in training mode
ten.pt        the same network with ten classes, as the command line's tests need it
traced.pt     the same network, traced in evaluation
frozen.pt     the same through torch.jit.freeze: no parameters are left (ten-frozen.pt: with ten classes)
golden.safetensors  float64 logits, gradient by the images, and by every weight, of scripted.pt
cnn-s.pt      the zoo's cnn-s for 8x8 images of three classes, scripted, ReLUs in place; its weights repeat themselves, which
              deflates well; the test fills in others
Those that must be refused: tuple.pt (logits and features), batch.pt (traced with a batch of 3 in the code), training.pt
(traced while training), detached.pt (no gradient reaches the images), image.pt (one number an image), half.pt (float16),
double.pt (float64), inputs.pt (two inputs), fixed.pt (parameters that ask for no gradient: only weights' methods refuse it)
"""
import json
import os
import struct
import zipfile

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        y = self.norm(self.conv(x))
        y += x
        return self.relu(y)


class Net(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.block = Block(4)
        self.fc = nn.Linear(16, classes)

    def features(self, x):
        x = self.block(self.relu(self.norm(self.conv(x))))
        return F.avg_pool2d(x, 2).flatten(1)

    def forward(self, x):
        return self.fc(self.features(x))


class Pair(Net):
    def forward(self, x):
        features = self.features(x)
        return self.fc(features), features


class Batch(Net):
    def forward(self, x):
        return self.fc(self.features(x).view(3, 16))


class Detached(Net):
    def forward(self, x):
        return self.fc(self.features(x).detach())


class Image(Net):
    def forward(self, x):
        return self.features(x).sum(1)


class Inputs(Net):
    def forward(self, x, scale):
        return self.fc(self.features(x) * scale)


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
        x = F.relu_(self.bn1(self.conv1(x)))
        x = F.relu_(self.bn2(self.conv2(x)))
        return self.fc2(F.relu_(self.fc1(x.flatten(1))))


def filled(make):
    """Weights that depend on the names' order alone, so that every variant is the same network."""
    generator = torch.Generator().manual_seed(7)
    net = make()
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if name.endswith("num_batches_tracked"):
                value.fill_(5)
            elif value.dim() > 1:
                value.copy_(torch.randn(value.shape, generator=generator) * (2 / value[0].numel()) ** 0.5)
            elif name.endswith("running_var") or name.endswith("norm.weight"):
                value.copy_(torch.rand(value.shape, generator=generator) + 0.5)
            else:
                value.copy_(torch.randn(value.shape, generator=generator) * 0.2)
    return net


def path(name):
    return os.path.join(HERE, name)


def save(module, name):
    torch.jit.save(module, path(name))
    # Source locations are most of a small file and name folders of the machine that made it; only Python's stack traces read them.
    with zipfile.ZipFile(path(name)) as source:
        entries = [(entry.filename, source.read(entry)) for entry in source.infolist() if not entry.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED) as target:
        for filename, content in entries:
            target.writestr(zipfile.ZipInfo(filename), content, zipfile.ZIP_DEFLATED)
    torch.jit.load(path(name))


def write_safetensors(name, tensors):
    header, data = {}, b""
    for key, tensor in tensors.items():
        content = tensor.detach().double().contiguous().numpy().tobytes()
        header[key] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path(name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def golden():
    net = filled(Net).double().eval()
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(3), dtype=torch.float64).requires_grad_()
    logits = net(x)
    weights = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    parameters = dict(net.named_parameters())
    grads = torch.autograd.grad((logits * weights).sum(), [x, *parameters.values()])
    values = {"x": x, "logits": logits, "input_gradient": grads[0]}
    values.update({"gradient." + name: grad for name, grad in zip(parameters, grads[1:])})
    write_safetensors("golden.safetensors", values)


def main():
    example = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    save(torch.jit.script(filled(Net).train()), "scripted.pt")
    save(torch.jit.script(filled(lambda: Net(10)).eval()), "ten.pt")
    save(torch.jit.freeze(torch.jit.script(filled(lambda: Net(10)).eval())), "ten-frozen.pt")
    save(torch.jit.trace(filled(Net).eval(), example), "traced.pt")
    save(torch.jit.freeze(torch.jit.script(filled(Net).eval())), "frozen.pt")
    golden()

    cnn = CnnS(8, 3)
    with torch.no_grad():
        for name, value in cnn.named_parameters():
            value.copy_(((torch.arange(value.numel()) % 7 - 2) * 0.02).reshape(value.shape))
    save(torch.jit.script(cnn), "cnn-s.pt")

    save(torch.jit.script(filled(Pair).eval()), "tuple.pt")
    save(torch.jit.trace(filled(Batch).eval(), example), "batch.pt")
    save(torch.jit.trace(filled(Net).train(), example, check_trace=False), "training.pt")
    save(torch.jit.script(filled(Detached).eval()), "detached.pt")
    save(torch.jit.script(filled(Image).eval()), "image.pt")
    save(torch.jit.script(filled(Net).half().eval()), "half.pt")
    save(torch.jit.script(filled(Net).double().eval()), "double.pt")
    save(torch.jit.script(filled(Inputs).eval()), "inputs.pt")
    save(torch.jit.script(filled(Net).eval().requires_grad_(False)), "fixed.pt")
    for name in sorted(os.listdir(HERE)):
        print(f"{name:20} {os.path.getsize(path(name)):8}")


main()
