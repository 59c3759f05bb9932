using Lacuna.Cli;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    // The first Ctrl-C asks the run to end between two steps; a second one ends the process at once.
    if (interrupt.IsCancellationRequested) return;
    key.Cancel = true;
    interrupt.Cancel();
};
return new Application(Console.Out, Console.Error, TimeProvider.System).Run(args, interrupt.Token);
