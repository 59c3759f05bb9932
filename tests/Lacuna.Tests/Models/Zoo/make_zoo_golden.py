"""Makes what ZooGoldenTests compares with: torchvision's networks with the weights of Formula.cs, in PyTorch on the CPU.

Made with Debian's torch 1.13.1 and torchvision 0.14.1, two threads. For every network and form, in float32 and for the cheaper ones in float64: logits, and
of the gradient g by the image and by every parameter eight numbers: the largest magnitude, the sum of squares, three projections p . g and three elements; of
the image's gradient some 200 elements too. Coefficients p_i of a projection are Formula's values moved to [-1, 1), none of them zero, so that a wrong element
anywhere changes all three. Written: zoo.safetensors (rows in the names' ordinal order, the image's first) and keys/*.txt (names and shapes of the state dicts).

timm is not installed here: keys/timm.txt is written from its published source (timm/models/vision_transformer.py, class VisionTransformer, Attention, Mlp).

Run: python3 make_zoo_golden.py
"""
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn as nn
import torchvision.models as tv
from torchvision.models.vision_transformer import VisionTransformer

HERE = os.path.dirname(os.path.abspath(__file__))
PRIME = 10007
torch.set_num_threads(2)


def values(k, shape):
    """Formula.Values: the formula repeats after PRIME elements."""
    i = np.arange(PRIME, dtype=np.int64)
    period = ((i * i * 31 + i * k * 17 + k * 101 + 7) % PRIME) / float(PRIME)
    return torch.from_numpy(np.resize(period, math.prod(shape))).reshape(shape)


def fill(model):
    """Formula.Fill."""
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


def projections(g):
    """Three sums of products in float64, of pieces so that the large ones fit."""
    flat = g.reshape(-1)
    result = [0.0, 0.0, 0.0]
    piece = 100 * PRIME
    for start in range(0, flat.numel(), piece):
        part = flat[start:start + piece].double()
        for k in range(3):
            result[k] += float((values(k + 1, (part.numel(),)) * 2 - 1).dot(part))
    return result


def elements(g):
    flat = g.reshape(-1)
    n = flat.numel()
    return [float(flat[i * (n - 1) // 3]) for i in (0, 1, 3)]


def single(numbers, dtype):
    return torch.tensor(numbers, dtype=torch.float32).to(dtype).view(1, -1, 1, 1)


def run(model, dtype, n, side, classes, out, name):
    model = model.to(dtype).eval()
    with torch.no_grad():
        fill(model)
    x = values(99, (n, 3, side, side)).to(dtype).requires_grad_()
    logits = model((x - single([0.485, 0.456, 0.406], dtype)) / single([0.229, 0.224, 0.225], dtype))
    direction = (values(98, (n, classes)) * 2 - 1).to(dtype)
    parameters = tuple(p for _, p in sorted(model.named_parameters()))
    grads = torch.autograd.grad((logits * direction).sum(), (x,) + parameters)
    rows = [[float(g.abs().max()), float((g.double() ** 2).sum())] + projections(g) + elements(g) for g in grads]
    kind = "f32" if dtype == torch.float32 else "f64"
    out[f"{name}.{kind}.logits"] = logits.detach()
    out[f"{name}.{kind}.image"] = grads[0].reshape(-1)[::grads[0].numel() // 200].contiguous()
    out[f"{name}.{kind}.gradients"] = torch.tensor(rows, dtype=torch.float64)
    print(name, kind, float(logits.abs().max()), float(grads[0].abs().max()), min(r[0] for r in rows), max(r[0] for r in rows))


def keys(model):
    return [f"{n} {','.join(map(str, t.shape))}" for n, t in model.state_dict().items()]


def write(name, lines):
    os.makedirs(os.path.join(HERE, "keys"), exist_ok=True)
    with open(os.path.join(HERE, "keys", name + ".txt"), "w") as f:
        f.write("\n".join(lines) + "\n")


def cifar_resnet(model):
    model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    model.maxpool = nn.Identity()
    return model


def cifar_vgg(model, classes):
    model.avgpool = nn.Identity()
    model.classifier = nn.Linear(512, classes)
    return model


def cifar_mobilenet(classes):
    model = tv.mobilenet_v2(num_classes=classes)
    model.features[0][0].stride = (1, 1)
    model.features[2].conv[1][0].stride = (1, 1)
    return model


def vit(width, heads, patch, side, classes):
    return VisionTransformer(image_size=side, patch_size=patch, num_layers=12, num_heads=heads, hidden_dim=width, mlp_dim=4 * width, num_classes=classes)


def timm_names(side, patch, width, classes):
    """As timm's VisionTransformer registers them: cls_token, pos_embed, patch_embed, blocks, norm, head."""
    lines = [f"cls_token 1,1,{width}", f"pos_embed 1,{(side // patch) ** 2 + 1},{width}", f"patch_embed.proj.weight {width},3,{patch},{patch}", f"patch_embed.proj.bias {width}"]
    for i in range(12):
        b = f"blocks.{i}."
        lines += [f"{b}norm1.weight {width}", f"{b}norm1.bias {width}", f"{b}attn.qkv.weight {3 * width},{width}", f"{b}attn.qkv.bias {3 * width}",
                  f"{b}attn.proj.weight {width},{width}", f"{b}attn.proj.bias {width}", f"{b}norm2.weight {width}", f"{b}norm2.bias {width}",
                  f"{b}mlp.fc1.weight {4 * width},{width}", f"{b}mlp.fc1.bias {4 * width}", f"{b}mlp.fc2.weight {width},{4 * width}", f"{b}mlp.fc2.bias {width}"]
    return lines + [f"norm.weight {width}", f"norm.bias {width}", f"head.weight {classes},{width}", f"head.bias {classes}"]


# name, maker, images, side, classes, whether float64 too (not for the two largest: gigabytes)
CASES = [
    ("resnet18-cifar", lambda: cifar_resnet(tv.resnet18(num_classes=5)), 2, 16, 5, True),
    ("resnet18-imagenet", lambda: tv.resnet18(), 2, 48, 1000, True),
    ("resnet34-cifar", lambda: cifar_resnet(tv.resnet34(num_classes=5)), 2, 16, 5, False),
    ("resnet34-imagenet", lambda: tv.resnet34(), 2, 48, 1000, False),
    ("resnet50-cifar", lambda: cifar_resnet(tv.resnet50(num_classes=5)), 2, 16, 5, False),
    ("resnet50-imagenet", lambda: tv.resnet50(), 2, 48, 1000, True),
    ("vgg16_bn-cifar", lambda: cifar_vgg(tv.vgg16_bn(init_weights=False), 5), 2, 32, 5, True),
    ("vgg16_bn-imagenet", lambda: tv.vgg16_bn(init_weights=False), 2, 32, 1000, False),
    ("mobilenet_v2-cifar", lambda: cifar_mobilenet(5), 2, 16, 5, True),
    ("mobilenet_v2-imagenet", lambda: tv.mobilenet_v2(), 2, 48, 1000, True),
    ("vit_tiny-4", lambda: vit(192, 3, 4, 16, 5), 2, 16, 5, True),
    ("vit_small-8", lambda: vit(384, 6, 8, 32, 5), 2, 32, 5, False),
    ("vit_base-16", lambda: tv.vit_b_16(), 1, 224, 1000, False),
]

out = {}
for name, make, n, side, classes, doubled in CASES:
    model = make()
    write(name, keys(model))
    run(model, torch.float32, n, side, classes, out, name)
    if doubled:
        run(model, torch.float64, n, side, classes, out, name)
write("timm", timm_names(224, 16, 768, 1000))

header, offset = {}, 0
for name, t in out.items():
    size = t.numel() * t.element_size()
    header[name] = {"dtype": "F32" if t.dtype == torch.float32 else "F64", "shape": list(t.shape), "data_offsets": [offset, offset + size]}
    offset += size
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(HERE, "zoo.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text)
    for t in out.values():
        f.write(t.contiguous().numpy().tobytes())
