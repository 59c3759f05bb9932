"""resnet20 (CIFAR form, shortcuts without parameters) and resnet18 (CIFAR form) as functions of a dictionary of tensors."""
import torch
import torch.nn.functional as F

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Network:
    """Weights of our checkpoint; `weights` are those that a gradient may be asked of, in the file's order."""

    def __init__(self, tensors, arch, device, layout, dtype, trains):
        order = torch.channels_last if layout == "channels-last" else torch.contiguous_format
        self.layout = order
        self.tensors = {}
        for name, value in tensors.items():
            if name.endswith("num_batches_tracked"):
                continue
            value = value.to(device, dtype, copy=True)
            self.tensors[name] = value.contiguous(memory_format=order) if value.dim() == 4 else value
        self.blocks = [(stage, block) for stage in range(1, 5) for block in range(16) if f"layer{stage}.{block}.conv1.weight" in self.tensors]
        self.head = "linear" if arch == "resnet20" else "fc"
        self.names = [name for name in self.tensors if "running_" not in name]
        self.weights = [self.tensors[name] for name in self.names]
        for weight in self.weights:
            weight.requires_grad_(trains)
        self.mean = torch.tensor(MEAN, device=device, dtype=dtype).view(1, 3, 1, 1)
        self.std = torch.tensor(STD, device=device, dtype=dtype).view(1, 3, 1, 1)

    def take(self, images):
        return images.contiguous(memory_format=self.layout)

    def norm(self, x, name, train):
        t = self.tensors
        return F.batch_norm(x, t[name + ".running_mean"], t[name + ".running_var"], t[name + ".weight"], t[name + ".bias"], train, 0.1, 1e-5)

    def convolve(self, x, name, stride=1, padding=1):
        return F.conv2d(x, self.tensors[name + ".weight"], None, stride, padding)

    def shortcut(self, x, name, stride, width):
        if name + ".downsample.0.weight" in self.tensors:
            return self.convolve(x, name + ".downsample.0", stride, 0), name + ".downsample.1"
        if stride == 1 and x.shape[1] == width:
            return x, None
        more = width - x.shape[1]
        return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, more // 2, more - more // 2)), None

    def __call__(self, images, train=False, double=False):
        """Logits of images in [0,1]. In place where no second derivative is asked for."""
        relu = F.relu if double else F.relu_
        x = relu(self.norm(self.convolve((images - self.mean) / self.std, "conv1"), "bn1", train))
        for stage, block in self.blocks:
            name = f"layer{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            y = relu(self.norm(self.convolve(x, name + ".conv1", stride), name + ".bn1", train))
            y = self.norm(self.convolve(y, name + ".conv2"), name + ".bn2", train)
            s, norm = self.shortcut(x, name, stride, y.shape[1])
            x = relu(y + (s if norm is None else self.norm(s, norm, train)))
        return F.linear(x.mean((2, 3)), self.tensors[self.head + ".weight"], self.tensors[self.head + ".bias"])

    def moves(self, start):
        """By how much each weight was moved."""
        return {name: self.tensors[name].detach() - start[name].to(self.mean.device) for name in self.names}
