#!/usr/bin/env python3
"""Packs the bundled Fashion-MNIST subset: pack.py FOLDER-WITH-THE-FOUR-IDX-FILES

Takes the first 600 training and the first 200 test images of each class, in file order, and writes four IDX files
beside this script. Uses zopfli where it is installed (1.5 % smaller) and gzip's own level 9 otherwise; either way the
decompressed bytes, whose SHA-256 a test holds, are the same. Standard library only.
"""
import gzip
import pathlib
import shutil
import struct
import subprocess
import sys


def pack(source, target, prefix, per_class):
    images = gzip.decompress((source / f"{prefix}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((source / f"{prefix}-labels-idx1-ubyte.gz").read_bytes())
    magic, count, height, width = struct.unpack(">4I", images[:16])
    assert magic == 0x803 and struct.unpack(">2I", labels[:8]) == (0x801, count)
    taken, kept = [0] * 10, []
    for i, label in enumerate(labels[8:]):
        if taken[label] < per_class:
            taken[label] += 1
            kept.append(i)
    assert taken == [per_class] * 10
    size = height * width
    compress(target / f"{prefix}-images-idx3-ubyte.gz", struct.pack(">4I", 0x803, len(kept), height, width)
             + b"".join(images[16 + i * size:16 + (i + 1) * size] for i in kept))
    compress(target / f"{prefix}-labels-idx1-ubyte.gz", struct.pack(">2I", 0x801, len(kept))
             + bytes(labels[8 + i] for i in kept))


def compress(path, data):
    zopfli = shutil.which("zopfli")
    if zopfli is None:
        path.write_bytes(gzip.compress(data, 9, mtime=0))
        return
    plain = path.with_suffix("")
    plain.write_bytes(data)
    subprocess.run([zopfli, "--i5", str(plain)], check=True)
    plain.unlink()


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    pack(pathlib.Path(sys.argv[1]), here, "train", 600)
    pack(pathlib.Path(sys.argv[1]), here, "t10k", 200)
