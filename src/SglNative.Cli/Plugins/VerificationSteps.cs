using SglNative.Core;

namespace SglNative.Cli.Plugins;

/// <summary>Writes a line for each step of a verification; the first that fails ends it.</summary>
internal sealed class VerificationSteps(TextWriter output)
{
    /// <summary>Runs a step, which returns the line to write and a result.</summary>
    /// <exception cref="SglException">The step failed; its name is in the message.</exception>
    public async Task<T> DoAsync<T>(string name, Func<Task<(string Line, T Result)>> step)
    {
        try
        {
            var (line, result) = await step();
            await output.WriteLineAsync($"ok      {name,-10} {line}");
            return result;
        }
        catch (SglException e)
        {
            await output.WriteLineAsync($"failed  {name}");
            throw new SglException($"{name}: {e.Message}", e);
        }
    }
}
