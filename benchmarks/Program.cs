using BenchmarkDotNet.Running;
using Lacuna.Benchmarks;
using System.Reflection;

switch (args)
{
    case ["evaluation", .. var rest]: EvaluationRatio.Run(rest); break;
    case ["scaling", .. var rest]: return Scaling.Run(rest);
    default: BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args); break;
}
return 0;
