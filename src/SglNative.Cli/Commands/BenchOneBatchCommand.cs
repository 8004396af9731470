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
               sgl-native bench-one-batch [--model-path DIR] --correctness-test [--prompt-filename FILE] [--cut-len N] [--output-len N]
               sgl-native bench-one-batch [--model-path DIR] --reference FILE.safetensors [--tolerance X] [--batch-size N]
               sgl-native bench-one-batch [--model-path DIR] --input-ids 1,2,3 --output-logits FILE.safetensors [--positions 0,-1]

        {Summary}
        --correctness-test prints what SGLang's prints. --reference compares with such a file as scripts/reference_hf.py writes, at every
        position, and ends with exit code 1 past the tolerance. --output-logits writes for prompt 0 (and 1, 2 ... of a correctness test)
        the tensors p0.input_ids int64 [T] and p0.prefill_logits float32 [T, vocabulary], with --positions [P, vocabulary] beside
        p0.positions int64 [P]; --reference reads that file, too.

        """ + FlagHelp.Write(BenchOneBatchFlags.Table.Groups, width);

    public Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context) =>
        run(ServerCommandLine.Parse(args, BenchOneBatchFlags.Table), context);
}
