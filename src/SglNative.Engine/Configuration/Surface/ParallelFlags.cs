using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class ParallelFlags
{
    public static FlagGroup Group { get; } = new("Data parallelism and several nodes",
    [
        Flag.Integer("--data-parallel-size", 1, "Copies of the model that share the requests.").Alias("--dp-size")
            .Such(value => value > 0, "a positive integer").NoEffect(When.OnCpu, "a CPU engine is one process that uses all cores")
            .NotYet(When.Above(1), "several copies of the model in one server", "one server per GPU, each with its --base-gpu-id and --port"),
        Flag.Text("--load-balance-method", "auto", "How requests are spread over the copies.").Shown("METHOD")
            .OneOf("auto", "round_robin", "follow_bootstrap_room", "shortest_queue", "minimum_tokens", "total_requests", "total_tokens")
            .NoEffect("there is one copy of the model"),
        Flag.Text("--dist-init-addr", "Address at which nodes meet.").Alias("--nccl-init-addr").Shown("HOST:PORT")
            .NoEffect("one node has nobody to meet"),
        Flag.Integer("--nnodes", 1, "Machines that serve the model together.")
            .Such(value => value > 0, "a positive integer").NotYet("a model spread over several machines", "--nnodes 1 with a model that fits one machine"),
        Flag.Integer("--node-rank", 0, "Which of those machines this is.")
            .Such(value => value >= 0, "an integer from 0").NotYet("a model spread over several machines", "--node-rank 0 with --nnodes 1"),
    ]);
}
