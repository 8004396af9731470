using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Embedding;

/// <summary>Launches kernels/embedding/embedding.cu: rows of a table by their ids, converted.</summary>
internal sealed class EmbeddingKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("embedding/embedding.cu", $"sgl::embedding<{key.In.Cpp()}, {key.Out.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => range.Conversions.Select(types => Name(new(types.From, types.To)));

    /// <summary>Row t of output is row ids[t] − <paramref name="first"/> of table, or zeros where there is none.</summary>
    public void Run(in Tensor ids, in Tensor table, in Tensor output, long first = 0)
    {
        ids.ExpectDense(nameof(ids), DType.Int32);
        table.ExpectDenseRows(nameof(table));
        var launch = RowLaunch.For(ids.Shape[0], table.Shape[1]);
        var arguments = new Arguments
        {
            Ids = ids.Data,
            Table = table.Data,
            Output = output.Data,
            TableStride = table.Strides[0],
            First = checked((int)first),
            TableRows = checked((int)table.Shape[0]),
            Width = checked((int)table.Shape[1]),
            Aligned = RowLaunch.IsAligned(table) && RowLaunch.IsAligned(output) ? 1 : 0,
        };
        context.Launch(_kernels[new Key(table.DType, output.DType)], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType Out);

    /// <summary><c>EmbeddingArgs</c>.</summary>
    private struct Arguments
    {
        public nint Ids, Table, Output;
        public long TableStride;
        public int First, TableRows, Width, Aligned;
    }
}
