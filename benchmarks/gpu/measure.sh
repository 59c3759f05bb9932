#!/usr/bin/env bash
# Measures the kernels on this machine, from a folder that pack.sh made: builds the C++ part against the libtorch of this machine's own Python, checks
# every kernel against its CPU path, prints the table. Needs g++, cmake and a python3 with torch. Results are also written to results/.
set -euo pipefail
usage='usage: measure.sh [--device cuda|cuda:N|cpu] [BENCH OPTION...]    for example --sizes 16,256 --only sgd'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=cuda
while (($#)); do
  case $1 in
    --device) device=${2:?$usage}; shift 2 ;;
    -h | --help) echo "$usage"; exit 0 ;;
    *) break ;;
  esac
done
say() { echo "measure.sh: $*" >&2; }
fail() { say "$@"; exit 1; }

[[ -x $here/lacuna/lacuna && -d $here/ptx ]] || fail "there is no lacuna/ and ptx/ beside this script; benchmarks/gpu/pack.sh makes a folder with all three."
for tool in g++ cmake python3; do command -v $tool >/dev/null || fail "there is no $tool on the PATH."; done
torch=$(python3 -c 'import torch, os; print(os.path.dirname(torch.__file__))') || fail 'python3 has no torch.'
[[ -e $torch/include/ATen/ATen.h ]] || torch='' # Debian keeps the headers in /usr/include
say "libtorch of ${torch:-the system}: $(python3 -c 'import torch; print(torch.__version__, "CUDA", torch.version.cuda)')"

log=$here/native/build.log
cmake -S "$here/native" -B "$here/native/build" -DLACUNA_LIBTORCH="$torch" >"$log" 2>&1 &&
  cmake --build "$here/native/build" --parallel "$(nproc)" >>"$log" 2>&1 || { tail -n 40 "$log" >&2; fail 'the C++ part does not build'; }
cp "$here/native/build/libLacunaTorch.so" "$here/lacuna/"

mkdir -p "$here/results"
lacuna() { "$here/lacuna/lacuna" "$@" --device "$device"; }
lacuna doctor | tee "$here/results/doctor.txt"
lacuna kernels --check --ptx "$here/ptx" | tee "$here/results/check.txt"
lacuna bench --ptx "$here/ptx" --markdown --sizes 1,4,16,64,256 --out "$here/results" "$@"
