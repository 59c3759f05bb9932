"""Writes ElasticGolden.csv: the steps of an elastic transformation as scipy.ndimage makes them, and the affine warp in float64.

One line a case and step: name, channels, height, width, sigma, intensity, offset, step, then place:value pairs of the flattened result. Steps: "smooth" is scipy.ndimage.gaussian_filter(field, sigma, mode="reflect",
truncate=3); "sample" is scipy.ndimage.map_coordinates(image, coordinates, order=1, mode="reflect"); "warp" is a bilinear affine warp with the border reflected about
the outermost pixels (OpenCV's BORDER_REFLECT_101), its matrix found by solving for the three pairs of points and inverted; "whole" is
warp, displacement and clip together. Inputs follow from formulas that the test repeats. Made with scipy 1.10.1. Run: python3 make_elastic_golden.py
"""
import os

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

# Channels, height, width, sigma, intensity and offset in pixels: 28x28 has ImageNet-C's first two severities; the rest is long, narrow, tiny, and displaced far outside.
CASES = {
    "smooth28": (1, 28, 28, 170.8 * 28 / 244, 488 * 28 / 244, 24.4 * 28 / 244),
    "rough28": (1, 28, 28, 19.52 * 28 / 244, 488 * 28 / 244, 48.8 * 28 / 244),
    "wide": (3, 7, 12, 0.7, 30.0, 1.4),
    "tall": (2, 11, 5, 4.0, 90.0, 0.6),
    "tiny": (1, 3, 3, 2.1, 40.0, 0.5),
}
SHOWN = 97  # values kept of a step, evenly spread, so that the file stays small


def image(c, h, w):
    i = np.arange(c * h * w)
    return (((i * 37 + i * i * 11) % 101) / 100.0).reshape(c, h, w)


def field(h, w, turn):
    i = np.arange(h * w)
    return ((i * (73 + 22 * turn) + i * i * 7) % 997 / 498.0 - 1).reshape(h, w)


def offsets(most):
    return np.array([0.9, -0.4, -0.7, 0.8, 0.3, -1.0]).reshape(3, 2) * most


def mirrored(i, n):
    # A triangle wave: 0 1 2 ... n-1 ... 2 1 0 1 2 ...
    return np.abs((i + n - 1) % (2 * n - 2) - (n - 1))


def bilinear_101(plane, y, x):
    h, w = plane.shape
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    down, across = y - top, x - left

    def at(r, c):
        return plane[mirrored(r, h), mirrored(c, w)]

    return (at(top, left) * (1 - down) * (1 - across) + at(top, left + 1) * (1 - down) * across
            + at(top + 1, left) * down * (1 - across) + at(top + 1, left + 1) * down * across)


def warp(img, most):
    _, h, w = img.shape
    centre, side = np.array([w // 2, h // 2], float), min(h, w) // 3
    source = np.array([centre + side, centre + [side, -side], centre - side])
    target = source + offsets(most)
    # [x', y'] = M [x, y, 1] for the three pairs, as cv2.getAffineTransform.
    m = np.linalg.solve(np.c_[source, np.ones(3)], target).T
    inverse = np.linalg.inv(np.r_[m, [[0, 0, 1]]])
    ys, xs = np.mgrid[:h, :w].astype(float)
    x, y, _ = np.einsum("ij,jhw->ihw", inverse, np.stack([xs, ys, np.ones_like(xs)]))
    return np.stack([bilinear_101(plane, y, x) for plane in img])


def main():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ElasticGolden.csv"), "w") as out:
        for name, (c, h, w, sigma, intensity, most) in CASES.items():
            img = image(c, h, w)
            dx, dy = (intensity * gaussian_filter(field(h, w, turn), sigma, mode="reflect", truncate=3) for turn in (0, 1))
            ys, xs = np.mgrid[:h, :w].astype(float)

            def displaced(planes, y, x):
                return np.stack([map_coordinates(plane, [y, x], order=1, mode="reflect") for plane in planes])

            warped = warp(img, most)
            steps = {
                "smooth": dx / intensity,
                "warp": warped,
                # Up to three images away, so that most places lie outside and are reflected several times.
                "sample": displaced(img, ys + 3 * h * field(h, w, 1), xs + 3 * w * field(h, w, 0)),
                "whole": np.clip(displaced(warped, ys + dy, xs + dx), 0, 1),
            }
            for step, values in steps.items():
                flat = values.ravel()
                places = np.unique(np.linspace(0, flat.size - 1, min(SHOWN, flat.size)).astype(int))
                head = (name, c, h, w, repr(float(sigma)), repr(float(intensity)), repr(float(most)), step)
                out.write(",".join(str(v) for v in head) + "," + ",".join(f"{p}:{flat[p]:.12g}" for p in places) + "\n")


main()
