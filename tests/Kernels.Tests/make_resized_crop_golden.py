"""Writes ResizedCrop.golden.csv: crops scaled by PyTorch in float64 (interpolate, bilinear, antialias), by torchvision in float32 and by Pillow in its float mode.

One line a case: which of them, top, left, height, width of the crop, height and width of the result, its numbers. The image is 29 x 37 with pixel i = (i * 37 + i // 5) % 256, over 255.
Run: python3 make_resized_crop_golden.py
"""
import os

import numpy as np
import torch
import torchvision.transforms.functional as TF
from PIL import Image

HEIGHT, WIDTH = 29, 37
CROPS = [
    (0, 0, 29, 37, 6, 5),  # the whole image, much smaller
    (3, 5, 20, 23, 7, 9),
    (2, 1, 4, 3, 8, 7),  # larger
    (9, 30, 11, 5, 8, 8),  # lower and wider
    (28, 36, 1, 1, 3, 2),  # one pixel
    (0, 4, 26, 24, 13, 8),  # whole factors
    (10, 10, 9, 9, 8, 8),
]


def main():
    pixels = np.arange(HEIGHT * WIDTH)
    image = torch.from_numpy(((pixels * 37 + pixels // 5) % 256).reshape(1, HEIGHT, WIDTH)).double() / 255
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ResizedCrop.golden.csv"), "w") as out:
        for top, left, height, width, rows, columns in CROPS:
            part = TF.crop(image, top, left, height, width)
            results = {
                "float64": torch.nn.functional.interpolate(part[None], size=(rows, columns), mode="bilinear", align_corners=False, antialias=True)[0],
                "float32": TF.resize(part.float(), [rows, columns], antialias=True),
                "pillow": torch.from_numpy(np.asarray(Image.fromarray(part[0].float().numpy(), "F").resize((columns, rows), Image.BILINEAR)).copy())[None],
            }
            for name, result in results.items():
                numbers = ",".join(repr(v) for v in result.flatten().tolist())
                out.write(f"{name},{top},{left},{height},{width},{rows},{columns},{numbers}\n")


main()
