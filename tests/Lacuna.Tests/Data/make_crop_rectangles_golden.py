"""Writes CropRectangles.csv: what torchvision's RandomResizedCrop.get_params makes of the engine's random numbers.

One line a case: least area, height, width, seed, epoch, row; top, left, height and width of the crop. torchvision draws from PyTorch's generator; here its two calls
are given the engine's draws instead (Philox 4x32-10, key = seed, counter = (lane / 2, row, epoch, 4), lanes 4 k + 4 ... 4 k + 7 of attempt k). Run: python3 make_crop_rectangles_golden.py
"""
import os
from unittest import mock

import torch
from torchvision.transforms import RandomResizedCrop

MASK = 0xFFFFFFFF


def philox(counter, key):
    x, y, z, w = counter
    k0, k1 = key
    for _ in range(10):
        p, q = 0xD2511F53 * x, 0xCD9E8D57 * z
        x, y, z, w = (q >> 32) ^ y ^ k0, q & MASK, (p >> 32) ^ w ^ k1, p & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return x, y, z, w


class Draws:
    def __init__(self, seed, epoch, row):
        self.key, self.epoch, self.row, self.lane, self.uniforms = (seed & MASK, seed >> 32), epoch, row, 4, 0

    def bits(self, lane):
        words = philox((lane // 2, self.row, self.epoch, 4), self.key)
        return words[0] | words[1] << 32 if lane % 2 == 0 else words[2] | words[3] << 32

    # A third call of uniform_ without one of randint is the next attempt.
    def uniform(self, _, low, high):
        if self.uniforms == 2:
            self.lane, self.uniforms = self.lane + 4, 0
        value = (self.bits(self.lane + self.uniforms) >> 11) * 2.0 ** -53
        self.uniforms += 1
        return torch.tensor(float(low) + (float(high) - float(low)) * value, dtype=torch.float64)

    def randint(self, low, high, size):
        value = (self.bits(self.lane + self.uniforms) * (high - low)) >> 64
        self.uniforms += 1
        return torch.tensor([low + value])


def main():
    sizes = [(256, 256), (32, 32), (28, 28), (375, 500), (500, 333), (10, 200), (300, 7), (1, 1), (3, 4)]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "CropRectangles.csv"), "w") as out:
        for n in range(180):
            height, width = sizes[n % len(sizes)]
            least, seed, epoch, row = [0.08, 0.5, 1.0, 0.01][n // len(sizes) % 4], 0xFEDC_BA98_7654_3210 + n % 3, n % 5, n * n
            draws = Draws(seed, epoch, row)
            with mock.patch.object(torch.Tensor, "uniform_", lambda self, low, high: draws.uniform(self, low, high)), mock.patch.object(torch, "randint", draws.randint):
                crop = RandomResizedCrop.get_params(torch.zeros(1, height, width), [least, 1.0], [3 / 4, 4 / 3])
            out.write(",".join(str(v) for v in (least, height, width, seed, epoch, row, *crop)) + "\n")


main()
