#!/usr/bin/env python3
"""Writes numpy arrays in pickles as arrays.N.pkl beside this script, N the protocol (made with Python 3.11 and numpy 1.24).

Python 2's form of the same, which CIFAR's batches have, is spelt out byte by byte in PickleArraysTests: no Python 2 is at hand.
"""
import pathlib
import pickle

import numpy

HERE = pathlib.Path(__file__).parent

content = {
    b"data": numpy.arange(250, 274, dtype=numpy.int64).astype(numpy.uint8).reshape(2, 3, 4),
    "columns": numpy.asfortranarray(numpy.arange(6, dtype=numpy.float32).reshape(2, 3)),
    "wide": numpy.array([-5, 2 ** 40], dtype=numpy.int64), "narrow": numpy.array([-1, 7], dtype=numpy.int16),
    "truth": numpy.array([True, False]), "empty": numpy.zeros((0, 3)), "one": numpy.array(2.5),
    "labels": [1, 2, 300, -4], "numbers": [numpy.int64(6), numpy.uint8(7)],
    "names": ["airplane", "größe"], b"files": [b"a.png", b"b.png"], "score": numpy.float64(1.5), "nothing": None}
for protocol in 2, 3, 4, 5:
    (HERE / f"arrays.{protocol}.pkl").write_bytes(pickle.dumps(content, protocol))
