using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;
using SglNative.Models.Registry;

using Engine = SglNative.Engine.Engine;

// The models of the packages that this application references are there without a line of code.
Console.WriteLine($"Architectures: {string.Join(", ", ModelRegistry.Default.SupportedArchitectures)}");

var arguments = new ServerArgs
{
    ModelPath = args.Length > 0 ? args[0] : null,
    Device = DeviceChoice.Cpu,
    JsonModelOverrideArgs = """{"architectures":["LlamaWrapper"]}""",
};
await using var engine = await Engine.StartAsync(arguments);
Console.WriteLine($"Serving {engine.Model.ModelPath} with {engine.Model.ClassName} ({engine.Model.Package})");
var outputs = await engine.GenerateAsync(new GenerateRequest { Text = "Once upon a time", Sampling = new SamplingParams { Temperature = 0, MaxNewTokens = 16 } });
Console.WriteLine(outputs[0].Text);
