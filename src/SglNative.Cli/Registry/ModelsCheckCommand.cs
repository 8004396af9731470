using SglNative.Cli.Commands;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;
using SglNative.Engine.Loading;

namespace SglNative.Cli.Registry;

/// <summary><c>sgl-native models check</c>: what would serve a checkpoint, whether its tensors fit, and what memory it needs.</summary>
internal sealed class ModelsCheckCommand : ModelsCommand
{
    private const int Shown = 50;

    public override string Name => "models check";

    public override string Summary => "Says which class would serve a checkpoint and why, whether every tensor has its place, and what memory it needs; loads no weights.";

    protected override string Usage => "--model-path DIR [FLAGS of serve]";

    protected override FlagTable Table => ServerFlags.Table;

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, ServerCommandLine line, CommandContext context)
    {
        if (words.Count > 0) throw new SglException($"models check takes flags only, but was given '{string.Join(' ', words)}'; the checkpoint follows --model-path");
        var directory = await ModelLoader.LocateAsync(line.Args, cancellation: context.Stop);
        var check = ModelCheck.Run(line.Args, directory, await DiscoverAsync(line.Args, context));
        await context.Out.WriteLineAsync($"class    {check.Why}");
        await context.Out.WriteLineAsync($"tensors  {check.Mapped} have their place{(check.Problems.Count == 0 ? ", none is missing or left over" : $", {check.Problems.Count} {(check.Problems.Count == 1 ? "does" : "do")} not fit:")}");
        foreach (var problem in check.Problems.Take(Shown)) await context.Out.WriteLineAsync($"         {problem}");
        if (check.Problems.Count > Shown) await context.Out.WriteLineAsync($"         and {check.Problems.Count - Shown} more");
        await context.Out.WriteLineAsync($"memory   {check.Memory}");
        return check.Problems.Count == 0 ? ExitCode.Done : ExitCode.UserError;
    }
}
