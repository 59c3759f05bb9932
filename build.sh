#!/usr/bin/env bash
# Sets up what is missing, builds Release and runs Lacuna. Progress goes to stderr; stdout and exit code are the program's.
set -euo pipefail
usage='usage: ./build.sh [--stack nuget|portable] [--device cpu|cuda] VERB [ARGUMENT...]
  test     build all and run every test; the last line is the sum
  build    build all, run nothing
  VERB     build and run a verb of the command line: demo, train, unlearn, evaluate, verify, kernels, bench, doctor, help
Without --stack it picks one and says why. LACUNA_LIBTORCH=FOLDER asks for the portable stack over the libtorch in that folder.'
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
PATH=$PATH:${DOTNET_ROOT:-${HOME:-}/.dotnet}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ ${LACUNA_LIBTORCH:-/} == /* ]] || export LACUNA_LIBTORCH=$PWD/$LACUNA_LIBTORCH
own_libtorch=${LACUNA_LIBTORCH:-}
torch_header=${own_libtorch:-/usr}/include/torch/csrc/api/include/torch/torch.h

say() { echo "build.sh: $*" >&2; }
fail() { say "$@"; exit 1; }
wrong() { say "$1"; echo "$usage" >&2; exit 2; }

stack='' device=''
while [[ ${1-} == -* ]]; do
  case $1 in
    --stack) [[ ${2-} == @(nuget|portable) ]] || wrong "--stack is nuget or portable, not '${2-}'"; stack=$2; shift 2 ;;
    --device) [[ ${2-} == @(cpu|cuda) ]] || wrong "--device is cpu or cuda, not '${2-}'"; device=$2; shift 2 ;;
    -h | --help) echo "$usage"; exit 0 ;;
    *) wrong "unknown option '$1'" ;;
  esac
done
(($#)) || wrong 'no verb'
command -v dotnet >/dev/null || fail 'there is no dotnet on the PATH: install the .NET 10 SDK, https://dotnet.microsoft.com/download'

# --- What this machine has ---

has_gpu() { nvidia-smi -L 2>/dev/null | grep -q '^GPU '; }
as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }
can_install() { command -v apt-get && as_root true; } &>/dev/null
has_library() { compgen -G "/usr/lib*/$1" || compgen -G "/usr/lib/*/$1"; } &>/dev/null
apt_has_libtorch() { can_install && { apt-cache show libtorch-dev || { as_root apt-get update && apt-cache show libtorch-dev; }; }; } &>/dev/null

missing() { # Debian's names of what the portable stack cannot be built without
  command -v cmake >/dev/null || echo cmake
  command -v g++ >/dev/null || echo g++
  [[ -n $own_libtorch || -e $torch_header ]] || echo libtorch-dev
}

fail_without_libtorch() {
  say "$1"
  cat >&2 <<'END'
Install, as root:  apt-get install libtorch-dev libopenblas0-pthread cmake g++
or bring a libtorch of your own, 1.13 or later, with cmake and g++ on the PATH. Unpacked:
  export LACUNA_LIBTORCH=/path/to/libtorch
or that of a "pip install torch":
  export LACUNA_LIBTORCH=$(python3 -c 'import torch, os; print(os.path.dirname(torch.__file__))')
END
  exit 1
}

restores() { # whether the nuget stack's packages do, for device $1; the answer holds for a day, `rm artifacts/packages-*` asks again
  local answer=$root/artifacts/packages-$1
  if [[ -z $(find "$answer" -mmin -1440 2>/dev/null) ]]; then
    say "trying to restore the packages of the nuget stack ($1)"
    mkdir -p "$root/artifacts"
    if run_dotnet restore src/Lacuna.Cli nuget "$1" "$answer.log"; then echo yes; else echo no; fi >"$answer"
  fi
  [[ $(<"$answer") == yes ]]
}

# --- Choose, set up, build, test ---

choose() { # sets stack and device
  local why='as asked'
  if [[ -n $stack ]]; then :
  elif [[ -n $own_libtorch ]]; then stack=portable why='LACUNA_LIBTORCH is set'
  elif [[ $device != cpu ]] && has_gpu && restores cuda; then stack=nuget device=cuda why='a CUDA GPU is there and the packages restore'
  elif [[ $device != cuda && -z $(missing) ]]; then stack=portable why='a libtorch is installed'
  elif [[ $device != cuda ]] && apt_has_libtorch; then stack=portable why='apt can bring a libtorch'
  elif restores "${device:-cpu}"; then stack=nuget why='the packages restore'
  else
    fail_without_libtorch "no stack to build: the packages of TorchSharp and ILGPU do not restore (see ${root}/artifacts/packages-${device:-cpu}.log),
and there is no libtorch${device:+ for $device}."
  fi
  if [[ -n $own_libtorch && $stack == portable && ! -e $torch_header ]]; then
    fail_without_libtorch "LACUNA_LIBTORCH holds no libtorch: there is no $torch_header."
  fi
  if [[ -n $device ]]; then :
  elif [[ $stack == nuget ]] && has_gpu || [[ $stack == portable && -e $own_libtorch/lib/libtorch_cuda.so ]]; then device=cuda
  else device=cpu
  fi
  say "stack $stack, device $device: $why"
}

apt_install() { { as_root apt-get update; as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } &>"$root/artifacts/apt.log"; }

set_up_images() { # what folders of JPEG and PNG files are decoded with, and what draws a report's figures as PNG files; all else works without them
  local packages=()
  [[ $(uname) == Linux ]] || return 0
  has_library libturbojpeg.so.0 || packages+=(libturbojpeg0)
  has_library libpng16.so.16 || packages+=(libpng16-16)
  has_library librsvg-2.so.2 || packages+=(librsvg2-2 fonts-dejavu-core)
  ((${#packages[@]})) || return 0
  if can_install && say "installing ${packages[*]}" && apt_install "${packages[@]}"; then return 0; fi
  say "image folders cannot be decoded, or figures written as PNG files, until these are installed. As root: apt-get install ${packages[*]}"
}

set_up_browser() { # what opens a report in the tests; without it that test is skipped
  [[ $(uname) == Linux ]] || return 0
  if command -v chromedriver || ! can_install; then return 0; fi >/dev/null
  say 'installing chromium chromium-driver for the test of the report'
  apt_install chromium chromium-driver || say 'they could not be installed; that test is skipped'
}

set_up_portable() {
  local packages
  mapfile -t packages < <(missing)
  if [[ -z $own_libtorch ]] && ! has_library libopenblas.so.0; then
    if can_install; then packages+=(libopenblas0-pthread)
    else say 'OpenBLAS is missing, so matrix products will be many times slower. As root: apt-get install libopenblas0-pthread'; fi
  fi
  ((${#packages[@]})) || return 0
  can_install || fail_without_libtorch "the portable stack needs ${packages[*]}, and this user cannot install it."
  say "installing ${packages[*]}"
  apt_install "${packages[@]}" || { cat "$root/artifacts/apt.log" >&2; fail "apt-get could not install ${packages[*]}"; }
}

run_dotnet() { # COMMAND PROJECT STACK DEVICE LOG
  (cd "$root" && dotnet "$1" "$2" -p:Configuration=Release -p:TensorStack="$3" -p:KernelStack="$3" -p:Device="$4" -nodeReuse:false -clp:NoSummary) &>"$5"
}

build() { # a project or the solution, unless since its last build nothing changed: no source file or folder, no libtorch
  local stamp sources=("$root"/{src,kernels,tests,benchmarks,Directory.*,Engine.sln,global.json} "$torch_header")
  for stamp in "$out/Engine.sln.built" "$out/${1##*/}.built"; do
    if [[ -e $stamp && $(<"$stamp") == "$torch_header" && -z $(find "${sources[@]}" -newercm "$stamp" -print -quit 2>/dev/null) ]]; then return; fi
  done
  mkdir -p "$out"
  if [[ $stack == portable ]]; then set_up_portable; fi
  set_up_images
  say "building ${1##*/}"
  echo "$torch_header" >"$stamp.begun"
  run_dotnet build "$1" "$stack" "$device" "$stamp.log" || { cat "$stamp.log" >&2; fail "${1##*/} does not build (stack $stack, device $device)"; }
  mv "$stamp.begun" "$stamp"
  say "built after $SECONDS s"
}

run_tests() {
  local project name log bad total errors fails skips unrun passed=0 failed=0 skipped=0
  for project in "$root"/tests/*.Tests; do
    name=${project##*/} log=$out/${project##*/}.log bad=0
    dotnet "$out/bin/$name/release/$name.dll" -noColor | tee "$log" && grep -q '^ .*  Total: ' "$log" || bad=1
    read -r total errors fails skips unrun < <(sed -n 's/^ .*  Total: \(.*\), Time: .*/\1/p' "$log" | tr -dc '0-9 \n'; echo 0 0 0 0 0)
    passed=$((passed + total - fails - skips - unrun)) skipped=$((skipped + skips))
    failed=$((failed + (errors + fails > bad ? errors + fails : bad)))
  done
  echo "$passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
  ((failed == 0 && passed > 0))
}

choose
out=$root/artifacts/$stack-$stack-$device
case $1 in
  build) build Engine.sln ;;
  test) build Engine.sln; set_up_browser; run_tests ;;
  *) build src/Lacuna.Cli; exec dotnet "$out/bin/Lacuna.Cli/release/lacuna.dll" "$@" ;;
esac
