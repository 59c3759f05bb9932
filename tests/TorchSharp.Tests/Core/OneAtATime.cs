// libtorch keeps one random generator, one thread count and one memory for the whole process: tests that seed it, set
// it or count in it can not run beside others.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
