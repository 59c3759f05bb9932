#!/usr/bin/env bash
# Makes a folder that measures the kernels on a CUDA machine which has neither .NET nor a network: Lacuna with the runtime in it, the sources of the tensor
# library's C++ part, every kernel as PTX, and measure.sh. Needs the .NET SDK and, for the PTX, the packages ILGPU and ILGPU.Algorithms.
set -euo pipefail
usage='usage: benchmarks/gpu/pack.sh FOLDER [ARCHITECTURE]    ARCHITECTURE: sm_90 when left out'
(($# == 1 || $# == 2)) || { echo "$usage" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[[ -z $(ls -A "$folder") ]] || { echo "pack.sh: $folder is not empty; give a new folder." >&2; exit 2; }
architecture=${2:-sm_90}

say() { echo "pack.sh: $*" >&2; }
dotnet_quietly() { # the log is shown when it fails
  local log
  log=$(dotnet "$@" -nodeReuse:false -clp:NoSummary 2>&1) || { echo "$log" >&2; say "dotnet $1 failed"; exit 1; }
}

say 'publishing Lacuna with its runtime'
dotnet_quietly publish "$root/src/Lacuna.Cli" -c Release -p:Stack=portable --self-contained -r linux-x64 -o "$folder/lacuna"
cp -r "$root/src/Portable/TorchSharp/native" "$folder/native"
cp "$here/measure.sh" "$folder/measure.sh"

say "compiling the kernels for $architecture"
dotnet_quietly build "$root/src/Lacuna.Cli" -c Release -p:TensorStack=portable -p:KernelStack=nuget
dotnet "$root/artifacts/portable-nuget-cpu/bin/Lacuna.Cli/release/lacuna.dll" kernels --emit-ptx "$folder/ptx" --arch "$architecture"

say "done: copy $folder to the machine and call measure.sh in it"
