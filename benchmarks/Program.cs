using BenchmarkDotNet.Running;
using Lacuna.Benchmarks;
using System.Reflection;

if (args is ["evaluation", .. var rest]) EvaluationRatio.Run(rest);
else BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
