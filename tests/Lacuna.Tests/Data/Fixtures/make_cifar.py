#!/usr/bin/env python3
"""Writes cifar-10-python.tar.gz and cifar-100-python.tar.gz beside this script: the published archives' folders, files and keys, with two images a file.

The files are as Python 2 wrote them: every text is a STRING of bytes, which Python 3's pickler only makes with the changes below. The pixels are
(7 image + 50 channel + row) mod 256, counted over the training files, so that the archives are small. Made with Python 3.11 and numpy 1.24.
"""
import io
import pathlib
import pickle
import tarfile

import numpy

HERE = pathlib.Path(__file__).parent


class Python2(pickle._Pickler):
    def save_string(self, value):
        data = value if isinstance(value, bytes) else value.encode("ascii")
        self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data if len(data) < 256 else pickle.BINSTRING + len(data).to_bytes(4, "little") + data)
        self.memoize(value)

    dispatch = {**pickle._Pickler.dispatch, bytes: save_string, str: save_string}


def dumps(content):
    file = io.BytesIO()
    Python2(file, 2).dump(content)
    return file.getvalue()


def pixels(first, count):
    image, channel, row, column = numpy.ogrid[first:first + count, 0:3, 0:32, 0:32]
    return ((7 * image + 50 * channel + row + 0 * column) % 256).astype(numpy.uint8).reshape(count, 3072)


def archive(name, files):
    with tarfile.open(HERE / f"{name}.tar.gz", "w:gz", format=tarfile.USTAR_FORMAT) as tar:
        for file, content in files.items():
            entry = tarfile.TarInfo(f"{'cifar-10-batches-py' if name == 'cifar-10-python' else name}/{file}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


ten = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
files = {f"data_batch_{b + 1}": dumps({"batch_label": f"training batch {b + 1} of 5", "labels": [2 * b, 2 * b + 1], "data": pixels(2 * b, 2),
                                       "filenames": [f"{ten[2 * b]}_s_00000{b}.png", f"{ten[2 * b + 1]}_s_00000{b}.png"]}) for b in range(5)}
files["test_batch"] = dumps({"batch_label": "testing batch 1 of 1", "labels": [3, 8], "data": pixels(100, 2), "filenames": ["domestic_cat_s_000907.png", "hydrofoil_s_000078.png"]})
files["batches.meta"] = dumps({"num_cases_per_batch": 2, "label_names": ten, "num_vis": 3072})
archive("cifar-10-python", files)

fine = [f"fine{i:02}" for i in range(100)]
coarse = [f"coarse{i:02}" for i in range(20)]
archive("cifar-100-python", {
    "train": dumps({"filenames": ["rose_s_1.png", "tulip_s_2.png", "bus_s_3.png"], "batch_label": "training batch 1 of 1", "fine_labels": [70, 92, 13], "coarse_labels": [2, 2, 18], "data": pixels(0, 3)}),
    "test": dumps({"filenames": ["rose_s_9.png", "bus_s_8.png"], "batch_label": "testing batch 1 of 1", "fine_labels": [70, 13], "coarse_labels": [2, 18], "data": pixels(50, 2)}),
    "meta": dumps({"fine_label_names": fine, "coarse_label_names": coarse})})
