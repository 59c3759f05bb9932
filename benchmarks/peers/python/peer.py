"""One line of JSON in, one out: loads what the other side wrote, does a step so many times, says how long it took. Needs PyTorch and numpy."""
import ctypes
import gc
import json
import os
import sys
import time

import torch

import tensorfile
from authors import Authors
from tuned import Tuned

# float64 is the yardstick of the others.
KINDS = {"tuned": (Tuned, torch.float32), "authors": (Authors, torch.float32), "float64": (Tuned, torch.float64)}
# Inputs with a row an image of the batch.
OF_BATCH = ("images", "labels", "is_forget", "irrelevant", "targets", "start")


def resident(field):
    """Kilobytes as the system counts them, or None where it does not: VmRSS now, VmHWM at most."""
    try:
        with open("/proc/self/status") as file:
            return next((int(line.split()[1]) for line in file if line.startswith(field + ":")), None)
    except OSError:
        return None


def forget_peak():
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except (OSError, AttributeError):
        pass


class Peer:
    def __init__(self):
        self.finish = None

    def hello(self, _):
        return {"torch": torch.__version__, "cuda": torch.cuda.is_available()}

    def load(self, message):
        torch.set_num_threads(message["threads"])
        self.device = torch.device(message["device"])
        torch.backends.cudnn.benchmark = True
        # float32 is float32 on both sides.
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        self.arch, self.weights = message["arch"], tensorfile.read(message["weights"])
        self.given = {name: value.to(self.device) for name, value in tensorfile.read(message["inputs"]).items()}
        return {}

    def synchronise(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def run(self, message):
        self.finish = None
        kind, dtype = KINDS[message["kind"]]
        given = {name: value[: message["rows"]] if name in OF_BATCH else value for name, value in self.given.items()}
        given = {name: value.to(dtype) if value.is_floating_point() else value for name, value in given.items()}
        side = kind(self.weights, self.arch, self.device, message["layout"], dtype)
        work = getattr(side, message["step"])(given, message["options"])
        forget_peak()
        base = resident("VmRSS")
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self.device)
        self.synchronise()
        start = time.perf_counter()
        self.finish = work()
        self.synchronise()
        ms = 1000 * (time.perf_counter() - start)
        if self.device.type == "cuda":
            memory = torch.cuda.max_memory_allocated(self.device)
        else:
            top = resident("VmHWM")
            memory = None if top is None or base is None else 1024 * (top - base)
        return {"ms": ms, "peak_bytes": memory}

    def save(self, message):
        tensorfile.write(message["file"], self.finish())
        return {}


def main():
    peer = Peer()
    # What libraries print must not come between the lines of the protocol.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        message = json.loads(line)
        try:
            answer = getattr(peer, message["do"])(message)
        except Exception as error:  # the other side shows it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
