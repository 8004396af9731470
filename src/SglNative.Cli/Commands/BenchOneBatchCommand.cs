using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native bench-one-batch</c>: times one static batch without a server, or checks a model's numbers.</summary>
/// <param name="run">Runs what a command line describes and returns its exit code.</param>
internal sealed class BenchOneBatchCommand(Func<ServerCommandLine, CommandContext, Task<int>> run) : ICommand
{
    public string Name => "bench-one-batch";

    public IReadOnlyList<string> Aliases => ["bench_one_batch"];

    public string Summary => "Times one batch without a server, or compares a model's logits with a reference.";

    public string Help(int width) => $"""
        usage: sgl-native bench-one-batch [--model-path DIR] [--batch-size N ...] [--input-len N ...] [--output-len N ...] [FLAGS]
               sgl-native bench-one-batch [--model-path DIR] --correctness-test [--reference FILE.safetensors]

        {Summary}

        """ + FlagHelp.Write(BenchOneBatchFlags.Table.Groups, width);

    public Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context) =>
        run(ServerCommandLine.Parse(args, BenchOneBatchFlags.Table), context);
}
