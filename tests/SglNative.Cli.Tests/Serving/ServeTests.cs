using System.Globalization;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Serving;

/// <summary><c>sgl-native serve</c> from the outside: what it prints, what it answers, how it ends.</summary>
public class ServeTests
{
    private static string Llama => TestFiles.Golden("llama2");

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task Without_arguments_the_demo_model_answers_the_curl_line_that_is_printed()
    {
        await using var server = await ServeProcess.ReadyAsync();
        var lines = server.Output.Split(Environment.NewLine);
        Assert.Equal("Loaded LlamaForCausalLM (SglNative.Models)", lines[0]);
        var ready = ServeRun.ReadyLine().Match(lines[1]);
        Assert.Equal("demo", ready.Groups["model"].Value);
        Assert.NotEmpty(ready.Groups["device"].Value);
        Assert.StartsWith("http://127.0.0.1:", ready.Groups["address"].Value, StringComparison.Ordinal);
        Assert.Contains("demo model", server.Error, StringComparison.Ordinal);
        var answer = await PasteAsync(server.CurlLine);
        Assert.NotEmpty(JsonNode.Parse(answer)!["choices"]![0]!["message"]!["content"]!.GetValue<string>());
        // One answer is no reason to log; --log-level info is the default.
        Assert.DoesNotContain("Decode batch", server.Error, StringComparison.Ordinal);
        server.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await server.ExitAsync());
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task A_signal_ends_a_running_stream_and_the_server(PosixSignal signal)
    {
        Assert.SkipWhen(signal == PosixSignal.SIGINT && IgnoresInterrupts(), "these tests were started with SIGINT ignored (nohup, or in the background of a script), and what they start inherits that");
        await using var server = await ServeProcess.ReadyAsync();
        using var request = Post(server.Address, "generate", """{"text":"Once","stream":true,"sampling_params":{"max_new_tokens":1000,"ignore_eos":true,"n":64}}""");
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("data: ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        server.Signal(signal);
        var rest = await reader.ReadToEndAsync();
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.Contains("the server is shutting down", rest, StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitAsync());
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
    }

    // The mask of ignored signals; SIGINT is number 2.
    private static bool IgnoresInterrupts() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && (ulong.Parse(line["SigIgn:".Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) & 2) != 0;

    [Fact]
    public async Task A_port_in_use_is_one_line_before_anything_is_loaded()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var server = ServeProcess.Start("serve", "--device", "cpu", "--model-path", Llama, "--skip-tokenizer-init", "--port", $"{port}");
        Assert.Equal(1, await server.ExitAsync());
        Assert.Equal($"error: port {port} on 127.0.0.1 is in use: stop the program that listens there, or give another --port{Environment.NewLine}", server.Error);
        Assert.Empty(server.Output);
    }

    [Theory]
    [InlineData("0.0.0.0", "http://127.0.0.1:")]
    [InlineData("::", "http://[::1]:")]
    [InlineData("localhost", "http://127.0.0.1:")]
    public async Task It_listens_where_it_is_told(string host, string address)
    {
        Assert.SkipWhen(host == "::" && !Socket.OSSupportsIPv6, "no IPv6 on this machine");
        await using var server = await ServeRun.ReadyAsync("--host", host, "--skip-server-warmup");
        Assert.StartsWith(address, server.Address.ToString(), StringComparison.Ordinal);
        Assert.Contains("ok", await Http.GetStringAsync(new Uri(server.Address, "health")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_keys_templates_and_prefixes_are_obeyed()
    {
        using var folder = new ScratchFolder();
        var template = folder.Write("own.jinja", "{% for m in messages %}{{ m.content }}{% endfor %}\n");
        await using var server = await ServeRun.ReadyAsync("--served-model", "my-model", "--api-key", "k3y", "--chat-temp", template, "--log-level", "debug", "--context-len", "64", "--skip-server-w");
        Assert.Contains(" model=my-model ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("k3y", server.Output + server.Error, StringComparison.Ordinal);
        Assert.Contains("401", await PasteAsync(server.CurlLine), StringComparison.Ordinal);
        var answer = JsonNode.Parse(await PasteAsync(server.CurlLine.Replace("YOUR_KEY", "k3y", StringComparison.Ordinal)))!;
        // The template adds nothing to "Hello!", and the context is what was asked for.
        Assert.InRange(answer["usage"]!["prompt_tokens"]!.GetValue<int>(), 1, 3);
        Assert.InRange(answer["usage"]!["total_tokens"]!.GetValue<int>(), 2, 64);
        Assert.Equal("my-model", answer["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_checkpoint_without_a_tokenizer_is_served_by_ids()
    {
        using var folder = new ScratchFolder();
        var config = folder.Write("serve.yaml", $"model-path: {Llama}\nskip-tokenizer-init: true\nserved-model-name: from-file\nport: 1\n");
        await using var server = await ServeRun.ReadyAsync("--config", config, "--served-model-name", "from-line");
        Assert.Contains(" model=from-line ", server.Output, StringComparison.Ordinal);
        Assert.Equal(8, JsonNode.Parse(await PasteAsync(server.CurlLine))!["output_ids"]!.AsArray().Count);
        using var chat = await Http.SendAsync(Post(server.Address, "v1/chat/completions", """{"messages":[{"role":"user","content":"a"}]}"""));
        Assert.Equal(HttpStatusCode.BadRequest, chat.StatusCode);
        Assert.Contains("--skip-tokenizer-init", await chat.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tokenizer_may_come_from_elsewhere_and_the_config_be_overridden()
    {
        // A golden has 256 tokens; the demo's tokenizer gives more than it knows.
        var tokenizer = Path.Combine(TestFiles.Root, "models", "demo");
        await using var server = await ServeRun.ReadyAsync("--model-path", Llama, "--tokenizer-path", tokenizer, "--json-model-override-args", """{"max_position_embeddings": 96}""");
        var models = JsonNode.Parse(await Http.GetStringAsync(new Uri(server.Address, "v1/models")))!;
        Assert.Equal(96, models["data"]![0]!["max_model_len"]!.GetValue<int>());
        using var answer = await Http.SendAsync(Post(server.Address, "v1/completions", """{"prompt":"Once upon a time there was"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("--tokenizer-path", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--trust-remote-code", "info: --trust-remote-code is accepted without effect: ")]
    [InlineData("--tp 8", "info: --tp 8 is accepted without effect: ")]
    [InlineData("--attention-backend triton", "info: --attention-backend triton is accepted without effect: ")]
    [InlineData("--disable-overlap-schedule --tp 6", "info: --tp 6 is accepted without effect: ")]
    public async Task A_pasted_command_starts_and_says_what_has_no_effect(string words, string line)
    {
        await using var server = await ServeRun.ReadyAsync(["--model-path", Llama, "--skip-tokenizer-init", "--host", "0.0.0.0", .. words.Split(' ')]);
        Assert.Contains(Environment.NewLine + line, Environment.NewLine + server.Error, StringComparison.Ordinal);
        Assert.StartsWith("Loaded LlamaForCausalLM (SglNative.Models)", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--model-path LLAMA --quantization fp8", "--quantization fp8 is not supported yet: ")]
    [InlineData("--model-path LLAMA --tp 32 --dist-init-addr 10.0.0.1:5000 --nnodes 4 --node-rank 0", "--nnodes 4 is not supported yet: ")]
    [InlineData("--model-path LLAMA --kv-cache-dtype fp8_e5m2", "--kv-cache-dtype fp8_e5m2 is not supported yet: ")]
    [InlineData("--modle-path LLAMA", "--model-path")]
    [InlineData("--port 99999", "port")]
    [InlineData("--port many", "--port")]
    [InlineData("--port 0 --host not.a.host.invalid", "--host not.a.host.invalid is no address of this machine")]
    [InlineData("--port 0 --host 192.0.2.1", "--host 192.0.2.1 is no address of this machine")]
    [InlineData("--port 0 --model-path LLAMA --skip-tokenizer-init --context-length 4096", "--context-length 4096 is above the model's maximum of 512")]
    [InlineData("--port 0 --model-path /no/such/folder", "/no/such/folder")]
    [InlineData("--port 0 --model-path LLAMA", "tokenizer")]
    [InlineData("--port 0 --chat-template /no/such.jinja", "--chat-template /no/such.jinja: there is no such file")]
    [InlineData("--port 0 --chat-template chatml", "--chat-template chatml: there is no such file")]
    [InlineData("--port 0 --chat-template {%if", "chat template")]
    [InlineData("--port 0 --preferred-sampling-params [1]", "--preferred-sampling-params takes a JSON object")]
    [InlineData("--port 0 --json-model-override-args {bad", "--json-model-override-args")]
    [InlineData("--log-level loud", "--log-level")]
    [InlineData("--config /no/such.yaml", "/no/such.yaml")]
    public async Task A_start_that_cannot_be_is_one_line_and_exit_code_1(string words, string message)
    {
        await using var server = ServeRun.Start(["serve", "--device", "cpu", .. words.Split(' ').Select(word => word == "LLAMA" ? Llama : word)]);
        Assert.Equal(1, await server.ExitAsync());
        var error = Assert.Single(server.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), line => !line.StartsWith("info: ", StringComparison.Ordinal));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Empty(server.Output);
    }

    private static HttpRequestMessage Post(Uri server, string path, string json) =>
        new(HttpMethod.Post, new Uri(server, path)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    // What a shell does with the line.
    private static async Task<string> PasteAsync(string line)
    {
        Process shell;
        try
        {
            shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"command -v curl >/dev/null || exit 77; {line} -s"]) { RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no shell on this machine");
            throw;
        }
        using (shell)
        {
            var output = await shell.StandardOutput.ReadToEndAsync();
            await shell.WaitForExitAsync();
            Assert.SkipWhen(shell.ExitCode == 77, "there is no curl on this machine");
            Assert.Equal(0, shell.ExitCode);
            return output;
        }
    }
}
