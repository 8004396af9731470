using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Rows of a table by their ids, converted.</summary>
internal sealed class EmbeddingSuite : KernelSuite
{
    private const int TableRows = 37;

    public override string Kernel => "embedding/embedding.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.DTypes.SelectMany(table => Sweep.DTypes.Select(output => (table, output)))
        from shape in Sweep.Rows
        where shape.Gap == 0 && (types.table == types.output || !shape.IsLarge)
        select new KernelCase($"{types.table} to {types.output} {shape}", bench =>
        {
            var table = bench.Random(types.table, TableRows, shape.Width);
            var ids = Enumerable.Range(0, shape.Rows).Select(i => i * 7 % TableRows).ToArray();
            var deviceIds = bench.Upload(ids);
            return new(() => bench.Ops.Embedding(deviceIds, table.Tensor, types.output))
            {
                Expected = () => Sweep.Exactly(types.output, ids.SelectMany(id => table.Values.AsSpan(id * shape.Width, shape.Width).ToArray())),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        select new KernelCase($"bf16 {shape} of 32768 rows", bench =>
        {
            var table = bench.Filled(DType.BFloat16, 32768, shape.Width);
            var ids = bench.Upload(Enumerable.Range(0, shape.Rows).Select(i => (int)(i * 2654435761L % 32768)).ToArray());
            return new(() => bench.Ops.Embedding(ids, table, DType.BFloat16)) { Bytes = 2 * DType.BFloat16.Bytes((long)shape.Rows * shape.Width) };
        });
}
