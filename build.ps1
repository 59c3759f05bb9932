# The twin of build.sh, for Windows PowerShell 5.1 and PowerShell 7. Away from Windows it hands over to build.sh.
# Windows has the nuget stack only: the portable one builds against a Linux libtorch.
$usage = @'
usage: ./build.ps1 [--stack nuget] [--device cpu|cuda] VERB [ARGUMENT...]
  test     build all and run every test; the last line is the sum
  build    build all, run nothing
  VERB     build and run a verb of the command line: demo, train, unlearn, evaluate, verify, kernels, bench, doctor, help
Without --device it takes cuda where nvidia-smi shows a GPU.
'@
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
if ($env:OS -ne 'Windows_NT') { & "$PSScriptRoot/build.sh" @args; exit $LASTEXITCODE }
$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_GENERATE_ASPNET_CERTIFICATE = 'false'

function Say($text) { [Console]::Error.WriteLine("build.ps1: $text") }
function Fail($text) { Say $text; exit 1 }
function Wrong($text) { Say $text; [Console]::Error.WriteLine($usage); exit 2 }

$stack = $device = ''
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
if (-not (Get-Command dotnet -ErrorAction Ignore)) {
    Fail 'there is no dotnet on the PATH: install the .NET 10 SDK, https://dotnet.microsoft.com/download'
}
if ($stack -eq 'portable' -or ($env:LACUNA_LIBTORCH -and -not $stack)) {
    Fail 'the portable stack (--stack portable, or LACUNA_LIBTORCH) builds on Linux only, which WSL is too; here, --stack nuget.'
}

$why = 'as asked'
if (-not $device) {
    $gpu = (Get-Command nvidia-smi -ErrorAction Ignore) -and ((& nvidia-smi -L) -match '^GPU ')
    if ($gpu) { $device = 'cuda'; $why = 'there is a CUDA GPU' } else { $device = 'cpu'; $why = 'there is no CUDA GPU' }
}
Say "stack nuget, device ${device}: $why"
$out = Join-Path $PSScriptRoot "artifacts/nuget-nuget-$device"

# A project or the solution, unless no source file or folder changed since its last build.
function Build($project) {
    $roots = 'src', 'kernels', 'tests', 'benchmarks', 'Directory.*', 'Engine.sln', 'global.json' | ForEach-Object { Join-Path $PSScriptRoot $_ }
    foreach ($name in 'Engine.sln', (Split-Path $project -Leaf)) {
        $stamp = Join-Path $out "$name.built"
        if (-not (Test-Path $stamp)) { continue }
        $built = (Get-Item $stamp).LastWriteTimeUtc
        $newer = (Get-Item $roots) + (Get-ChildItem $roots -Recurse) | Where-Object { $_.LastWriteTimeUtc -gt $built -or $_.CreationTimeUtc -gt $built }
        if (-not $newer) { return }
    }
    Say "building $project"
    $begun = Get-Date
    New-Item -ItemType Directory -Force $out | Out-Null
    Push-Location $PSScriptRoot
    try {
        $log = & dotnet build $project -p:Configuration=Release -p:TensorStack=nuget -p:KernelStack=nuget "-p:Device=$device" -nodeReuse:false -clp:NoSummary
    }
    finally { Pop-Location }
    if ($LASTEXITCODE -ne 0) {
        $log | ForEach-Object { [Console]::Error.WriteLine($_) }
        Fail "$project does not build (stack nuget, device $device)"
    }
    Set-Content $stamp 'built'
    (Get-Item $stamp).LastWriteTime = $begun
    Say "built after $([int]((Get-Date) - $begun).TotalSeconds) s"
}

function Invoke-Tests {
    $passed = $failed = $skipped = 0
    foreach ($project in (Get-ChildItem (Join-Path $PSScriptRoot 'tests/*.Tests')).Name) {
        & dotnet (Join-Path $out "bin/$project/release/$project.dll") -noColor | Tee-Object -Variable lines | Out-Host
        $bad = if ($LASTEXITCODE -eq 0 -and $lines -match '^ .*  Total: ') { 0 } else { 1 }
        $sum = $lines | Select-String '^ .*  Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+), Not Run: (\d+), Time: ' | Select-Object -Last 1
        if ($sum) {
            $total, $errors, $fails, $skips, $unrun = $sum.Matches[0].Groups[1..5] | ForEach-Object { [int]$_.Value }
            $passed += $total - $fails - $skips - $unrun
            $skipped += $skips
            $bad = [Math]::Max($bad, $errors + $fails)
        }
        $failed += $bad
    }
    $(if ($skipped) { "$passed passed, $failed failed, $skipped skipped" } else { "$passed passed, $failed failed" }) | Out-Host
    exit [int]($failed -gt 0 -or $passed -eq 0)
}

switch -CaseSensitive ($words[0]) {
    'build' { Build Engine.sln }
    'test' { Build Engine.sln; Invoke-Tests }
    default { Build src/Lacuna.Cli; & dotnet (Join-Path $out 'bin/Lacuna.Cli/release/lacuna.dll') @words; exit $LASTEXITCODE }
}
