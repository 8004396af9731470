using SglNative.Cli.Commands;
using SglNative.Cli.Plugins;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Loading;

namespace SglNative.Cli.Registry;

/// <summary><c>sgl-native models show</c>: one architecture, and how it came here.</summary>
internal sealed class ModelsShowCommand : ModelsCommand
{
    public override string Name => "models show";

    public override string Summary => "Shows what serves one architecture, and each step by which it came to.";

    protected override string Usage => "NAME";

    protected override FlagTable Table { get; } = TableOf();

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, ServerCommandLine line, CommandContext context)
    {
        var name = Positionals.One(words, Name, "NAME");
        var registry = await DiscoverAsync(line.Args, context);
        var model = registry.Resolve(name);
        var quantizations = model.Quantizations.Count == 0 ? "none" : string.Join(", ", model.Quantizations);
        await context.Out.WriteLineAsync($"""
            {model.Name}
              class         {model.ClassName}
              family        {model.Family}
              package       {model.Package}{(model.Version is null ? "" : $" {model.Version}")}
              source        {model.SourceText}
              backends      {string.Join(", ", ModelSupport.Backends)}
              weights       {string.Join(", ", ModelSupport.WeightTypes)}
              quantisations {quantizations}
            """);
        foreach (var step in registry.Journal.Steps.Where(step => step.Message.StartsWith(name, StringComparison.Ordinal))) await context.Out.WriteLineAsync($"  {step.Message}");
        return ExitCode.Done;
    }
}
