namespace SglNative.Engine.Benchmarking;

/// <summary>What a step computes and moves at the least: a count from the model's shapes, not a measurement.</summary>
/// <param name="Flops">Floating-point operations of the matrix products and of attention; a multiply-add is two.</param>
/// <param name="Bytes">Bytes of the weights that are used, each read once, and of the keys and values that are read and written.</param>
public readonly record struct StepWork(double Flops, double Bytes)
{
    /// <summary>10¹² operations per second, when it took so long.</summary>
    public double Teraflops(double seconds) => Flops / seconds / 1e12;

    /// <summary>10⁹ bytes per second, when it took so long.</summary>
    public double Gigabytes(double seconds) => Bytes / seconds / 1e9;
}
