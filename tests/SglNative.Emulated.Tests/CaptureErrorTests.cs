using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;
using SglNative.Interop.Emulated;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>Models whose steps cannot be recorded and replayed.</summary>
public sealed class CaptureErrorTests
{
    public static TheoryData<string> Calls => ["Download", "Upload", "Synchronize", "Allocate", "Free"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_cannot_be_captured_is_named_in_one_line(string call)
    {
        var error = await Assert.ThrowsAsync<SglException>(() => StartAsync((config, root) => new Outspoken(config, root, call)));
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith($"{nameof(Outspoken)} (SglNative.Emulated.Tests) cannot be captured into a graph: {nameof(Outspoken)}.{nameof(Outspoken.Forward)} calls Backend.{call}, which ", error.Message, StringComparison.Ordinal);
        Assert.Contains("CaptureSafe => false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_branches_on_what_it_reads_is_refused()
    {
        var error = await Assert.ThrowsAsync<SglException>(() => StartAsync((config, root) => new Branching(config, root)));
        Assert.Contains($"{nameof(Branching)}.{nameof(Branching.Forward)} calls Backend.Download, which reads device data on the host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_says_so_runs_step_by_step()
    {
        var log = new Lines();
        using var engine = await StartAsync((config, root) => new Honest(config, root), log);
        Assert.Equal($"{nameof(Honest)} (tests) declares CaptureSafe => false: its decode steps are not captured into graphs", Assert.Single(log.All, line => line.Contains("graph", StringComparison.Ordinal)));
        Assert.Equal(8, Assert.Single(await engine.GenerateAsync(Request)).TokenIds.Count);
        Assert.Equal(0, engine.Stats.ReplayedSteps);
    }

    [Fact]
    public async Task Without_graphs_the_same_model_runs()
    {
        using var engine = await StartAsync((config, root) => new Outspoken(config, root, "Download"), disabled: true);
        Assert.Equal(8, Assert.Single(await engine.GenerateAsync(Request)).TokenIds.Count);
    }

    /// <summary>As an observer of single steps would: what goes wrong belongs to the requests that ask for it.</summary>
    [Fact]
    public async Task A_model_that_throws_fails_its_requests_and_not_the_server()
    {
        var log = new Lines();
        using var engine = await StartAsync((config, root) => new Throwing(config, root), log);
        Assert.Contains(log.All, line => line.StartsWith("decode steps are not captured into graphs: Throwing (tests) throws InvalidTimeZoneException: not today", StringComparison.Ordinal));
        await Assert.ThrowsAsync<Engine.EngineException>(() => engine.GenerateAsync(Request));
        Assert.Null(engine.Failure);
    }

    [Fact]
    public async Task What_is_captured_is_logged()
    {
        var log = new Lines();
        using var engine = await StartAsync<LlamaForCausalLM>(null, log);
        Assert.Contains("Capture cuda graph bs [1, 2, 4, 5]", log.All);
        Assert.Contains(log.All, line => line.StartsWith("Capture cuda graph end. Time elapsed: ", StringComparison.Ordinal));
    }

    private static GenerateRequest Request => new() { InputIds = [5, 6, 7], Sampling = new SamplingParams { MaxNewTokens = 8, Temperature = 0, IgnoreEos = true } };

    private static Task<Engine.Engine> StartAsync<T>(Func<JsonConfig, ModuleScope, T>? create, ILogger? log = null, bool disabled = false) where T : LlamaForCausalLM
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        var registry = ModelRegistry.Default.Copy();
        if (create is not null) registry.Register("LlamaForCausalLM", (config, root) => create(config, root), typeof(T).Name, "tests");
        return Engine.Engine.StartAsync(new ServerArgs
        {
            ModelPath = TestFiles.Golden("llama3"), SkipTokenizerInit = true, Device = DeviceChoice.Emulated, DType = DTypeChoice.Float32,
            MaxTotalTokens = 1024, MaxRunningRequests = 5, DisableCudaGraph = disabled,
        }, log, registry);
    }

    private sealed class Outspoken(JsonConfig config, ModuleScope root, string call) : LlamaForCausalLM(config, root)
    {
        private Tensor _spare = root.Build.Backend.Allocate(new Shape(4), DType.Float32);

        public override Tensor Forward(ForwardBatch batch, Tensor hidden)
        {
            var backend = Build.Backend;
            switch (call)
            {
                case "Download": backend.Download(batch.TokenIds, new byte[batch.TokenIds.ByteCount]); break;
                case "Upload": backend.Upload(new byte[_spare.ByteCount], _spare); break;
                case "Synchronize": backend.Synchronize(); break;
                case "Allocate": backend.Allocate(new Shape(4), DType.Float32); break;
                default:
                    backend.Free(_spare);
                    if (!backend.IsRecording) _spare = backend.Allocate(new Shape(4), DType.Float32);
                    break;
            }
            return base.Forward(batch, hidden);
        }
    }

    private sealed class Branching(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root)
    {
        public override Tensor Forward(ForwardBatch batch, Tensor hidden)
        {
            var ids = new int[batch.TokenCount];
            try
            {
                Build.Backend.Download(batch.TokenIds, MemoryMarshal.AsBytes(ids.AsSpan()));
            }
            catch (SglException)
            {
                // A recording that goes on regardless would hold what these zeros lead to.
            }
            return base.Forward(batch, ids.Sum() > 100 ? Ops.Scale(hidden, 2) : hidden);
        }
    }

    private sealed class Honest(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root)
    {
        public override bool CaptureSafe => false;

        public override Tensor Forward(ForwardBatch batch, Tensor hidden)
        {
            Build.Backend.Synchronize();
            return base.Forward(batch, hidden);
        }
    }

    private sealed class Throwing(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root)
    {
        public override Tensor Forward(ForwardBatch batch, Tensor hidden) => throw new InvalidTimeZoneException("not today");
    }

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (All) All.Add(formatter(state, exception));
        }
    }
}
