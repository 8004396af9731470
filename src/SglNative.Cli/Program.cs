using System.Runtime.InteropServices;
using System.Text;
using SglNative.Cli.Commands;

// Texts go in and out as UTF-8 whatever the locale says, and input that is something else is an error, not a silent replacement.
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var input = new StreamReader(Console.OpenStandardInput(), utf8);

using var stop = new CancellationTokenSource();

// The first signal asks the command to finish; a second one of the same kind ends the process the usual way.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return await CommandSet.Default.RunAsync(args, new CommandContext(input, Console.Out, Console.Error, stop.Token));
