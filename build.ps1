# The twin of build.sh, for Windows PowerShell 5.1 and PowerShell 7; away from Windows it hands over to build.sh.
$usage = @'
usage: ./build.ps1 [--stack nuget|portable] [--device cpu|cuda] VERB [ARGUMENT...]
  test     build all and run every test; the last line is the sum
  build    build all, run nothing
  VERB     build and run a verb of the command line: demo, train, unlearn, evaluate, verify, doctor, help
Without --stack it picks one and says why. $env:LACUNA_LIBTORCH = 'FOLDER' asks for the portable stack over the libtorch in that folder.
'@
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
if ($env:OS -ne 'Windows_NT') { & "$PSScriptRoot/build.sh" @args; exit $LASTEXITCODE }

$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_GENERATE_ASPNET_CERTIFICATE = 'false'
$artifacts = Join-Path $PSScriptRoot artifacts
if ($env:LACUNA_LIBTORCH) {
    $env:LACUNA_LIBTORCH = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($env:LACUNA_LIBTORCH)
    $torchHeader = Join-Path $env:LACUNA_LIBTORCH 'include/torch/csrc/api/include/torch/torch.h'
}

function Say($text) { [Console]::Error.WriteLine("build.ps1: $text") }
function Fail($text) { Say $text; exit 1 }
function Wrong($text) { Say $text; [Console]::Error.WriteLine($usage); exit 2 }

$stack = ''
$device = ''
$words = @($args)
while ($words.Count -gt 0 -and "$($words[0])".StartsWith('-')) {
    $value = if ($words.Count -gt 1) { $words[1] } else { '' }
    switch -CaseSensitive ($words[0]) {
        '--stack' { if ($value -cnotmatch '^(nuget|portable)$') { Wrong "--stack is nuget or portable, not '$value'" }; $stack = $value }
        '--device' { if ($value -cnotmatch '^(cpu|cuda)$') { Wrong "--device is cpu or cuda, not '$value'" }; $device = $value }
        { $_ -cmatch '^(-h|--help)$' } { $usage; exit 0 }
        default { Wrong "unknown option '$_'" }
    }
    $words = @($words | Select-Object -Skip 2)
}
if ($words.Count -eq 0) { Wrong 'no verb' }

function Test-Gpu { (Get-Command nvidia-smi -ErrorAction Ignore) -and (@(& nvidia-smi -L) -match '^GPU ').Count -gt 0 }

function Invoke-Dotnet($command, $project, $stack, $device, $log) {
    if (-not (Get-Command dotnet -ErrorAction Ignore)) {
        Fail 'there is no dotnet on the PATH: install the .NET 10 SDK, https://dotnet.microsoft.com/download'
    }
    New-Item -ItemType Directory -Force (Split-Path $log) | Out-Null
    Push-Location $PSScriptRoot
    try {
        & dotnet $command $project -p:Configuration=Release "-p:TensorStack=$stack" "-p:KernelStack=$stack" "-p:Device=$device" -nodeReuse:false |
            Set-Content $log -Encoding utf8
    }
    finally { Pop-Location }
    $LASTEXITCODE -eq 0
}

# Whether the nuget stack's packages restore; the answer holds for a day, removing artifacts/packages-* asks again.
function Test-Restore($device) {
    $answer = Join-Path $artifacts "packages-$device"
    if (-not (Test-Path $answer) -or (Get-Item $answer).LastWriteTime -lt (Get-Date).AddDays(-1)) {
        Say "trying to restore the packages of the nuget stack ($device)"
        $restored = Invoke-Dotnet restore src/Lacuna.Cli nuget $device "$answer.log"
        Set-Content $answer $(if ($restored) { 'yes' } else { 'no' })
    }
    (Get-Content $answer) -eq 'yes'
}

$why = 'as asked'
if ($stack) { }
elseif ($env:LACUNA_LIBTORCH) { $stack = 'portable'; $why = 'LACUNA_LIBTORCH is set' }
elseif ($device -ne 'cpu' -and (Test-Gpu) -and (Test-Restore cuda)) {
    $stack = 'nuget'; $device = 'cuda'; $why = 'a CUDA GPU is there and the packages restore'
}
elseif (Test-Restore $(if ($device) { $device } else { 'cpu' })) { $stack = 'nuget'; $why = 'the packages restore' }
if ($stack -ne 'nuget' -and -not ($torchHeader -and (Test-Path $torchHeader))) {
    Fail @'
no stack can be built: the packages of TorchSharp and ILGPU do not restore or were not asked for, and LACUNA_LIBTORCH names no libtorch.
With cmake and a C++ compiler on the PATH, point it at a libtorch, 1.13 or later. Unpacked:
  $env:LACUNA_LIBTORCH = 'C:\path\to\libtorch'
or that of a "pip install torch":
  $env:LACUNA_LIBTORCH = python -c 'import torch, os; print(os.path.dirname(torch.__file__))'
'@
}
if (-not $device) {
    $cuda = if ($stack -eq 'nuget') { Test-Gpu } else { Test-Path (Join-Path $env:LACUNA_LIBTORCH 'lib/torch_cuda.dll') }
    $device = if ($cuda) { 'cuda' } else { 'cpu' }
}
Say "stack $stack, device ${device}: $why"
$out = Join-Path $artifacts "$stack-$stack-$device"

# A project or the solution, unless nothing changed since its last build: no source file or folder, no libtorch.
function Build($project) {
    $stamp = Join-Path $out "$(Split-Path $project -Leaf).built"
    if ((Test-Path $stamp) -and "$(Get-Content $stamp)" -eq "$torchHeader") {
        $built = (Get-Item $stamp).LastWriteTimeUtc
        $sources = 'src', 'kernels', 'tests', 'benchmarks', 'Directory.*', 'Engine.sln', 'global.json' | ForEach-Object { Join-Path $PSScriptRoot $_ }
        $newer = Get-Item $sources; $newer += Get-ChildItem $sources -Recurse
        if (-not ($newer | Where-Object { $_.LastWriteTimeUtc -gt $built -or $_.CreationTimeUtc -gt $built } | Select-Object -First 1)) { return }
    }
    Say "building $project"
    $begun = Get-Date
    if (-not (Invoke-Dotnet build $project $stack $device "$stamp.log")) {
        Get-Content "$stamp.log" | ForEach-Object { [Console]::Error.WriteLine($_) }
        Fail "$project does not build (stack $stack, device $device)"
    }
    Set-Content $stamp "$torchHeader"
    (Get-Item $stamp).LastWriteTime = $begun
    Say "built in $([int]((Get-Date) - $begun).TotalSeconds) s"
}

function Invoke-Tests {
    $passed = $failed = $skipped = 0
    foreach ($project in Get-ChildItem (Join-Path $PSScriptRoot tests) -Directory -Filter *.Tests) {
        & dotnet (Join-Path $out "bin/$project/release/$project.dll") -noColor | Tee-Object -Variable lines | Out-Host
        $bad = if ($LASTEXITCODE -eq 0) { 0 } else { 1 }
        $sum = $lines | Select-String '^ .*Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+), Not Run: (\d+)' | Select-Object -Last 1
        if ($sum) {
            $total, $errors, $fails, $skips, $rest = $sum.Matches[0].Groups[1..5] | ForEach-Object { [int]$_.Value }
            $passed += $total - $fails - $skips - $rest
            $skipped += $skips
            $bad = [Math]::Max($bad, $errors + $fails)
        }
        $failed += $bad
    }
    Write-Host "$passed passed, $failed failed$(if ($skipped) { ", $skipped skipped" })"
    exit [int]($failed -gt 0 -or $passed -eq 0)
}

switch -CaseSensitive ($words[0]) {
    'build' { Build Engine.sln }
    'test' { Build Engine.sln; Invoke-Tests }
    default { Build src/Lacuna.Cli; & dotnet (Join-Path $out 'bin/Lacuna.Cli/release/lacuna.dll') @words; exit $LASTEXITCODE }
}
