namespace Lacuna.Kernels;

/// <summary>A step of SGD on the forget vector, in the terms of torch.optim.SGD without dampening and Nesterov's momentum.</summary>
/// <param name="Penalty">Form of the penalty.</param>
/// <param name="Lambda">Weight of the penalty.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="Momentum">What remains of the buffer.</param>
/// <param name="WeightDecay">Weight of delta itself in its gradient.</param>
public readonly record struct ForgetVectorStep(ForgetVectorPenalty Penalty, float Lambda, float LearningRate, float Momentum, float WeightDecay);
