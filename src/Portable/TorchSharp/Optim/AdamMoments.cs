using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// The running moments of one parameter's gradient, and the step they give: Adam, Kingma and Ba 2015, algorithm 1;
/// the running maximum is AMSGrad's, Reddi et al. 2018.
/// </summary>
internal sealed class AdamMoments : OptimizerState
{
    private long _steps;
    private Tensor? _mean;
    private Tensor? _square;
    private Tensor? _largestSquare;

    public override void Dispose()
    {
        _mean?.Dispose();
        _square?.Dispose();
        _largestSquare?.Dispose();
    }

    /// <summary>p = p - lr m^ / (sqrt(v^) + eps), with m^ and v^ the moments freed of their start at zero.</summary>
    internal void Step(Parameter parameter, Tensor gradient, AdamOptions options)
    {
        double beta1 = options.beta1.GetValueOrDefault(), beta2 = options.beta2.GetValueOrDefault();
        _mean ??= Keep(zeros_like(parameter));
        _square ??= Keep(zeros_like(parameter));
        _steps++;
        _mean.mul_(beta1).add_(gradient, 1 - beta1);
        _square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);

        double meanStart = 1 - Math.Pow(beta1, _steps);
        double squareStart = 1 - Math.Pow(beta2, _steps);
        Tensor square = options.amsgrad == true ? Largest() : _square;
        Tensor deviation = square.sqrt().div_(Math.Sqrt(squareStart)).add_(options.eps.GetValueOrDefault());
        parameter.addcdiv_(_mean, deviation, -options.LearningRate.GetValueOrDefault() / meanStart);
    }

    internal override void Save(BinaryWriter writer)
    {
        writer.Write(_steps);
        Write(writer, _mean);
        Write(writer, _square);
        Write(writer, _largestSquare);
    }

    internal override void Load(BinaryReader reader, Parameter parameter)
    {
        _steps = reader.ReadInt64();
        _mean = Read(reader, parameter);
        _square = Read(reader, parameter);
        _largestSquare = Read(reader, parameter);
    }

    private Tensor Largest()
    {
        if (_largestSquare is null) _largestSquare = Keep(_square!.clone());
        else _largestSquare.copy_(maximum(_largestSquare, _square!));
        return _largestSquare;
    }
}
