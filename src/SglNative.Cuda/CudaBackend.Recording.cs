using SglNative.Models.Backends;

namespace SglNative.Cuda;

public sealed partial class CudaBackend
{
    private RecordingException? _unrecordable;
    private bool _recording;

    /// <inheritdoc/>
    public override bool CanRecord => true;

    /// <inheritdoc/>
    public override bool IsRecording => _recording;

    /// <inheritdoc/>
    public override RecordedOperations Record(Action operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (_recording) throw new InvalidOperationException("operations are being recorded already");
        Stream.BeginCapture();
        (_recording, _context.Workspace.IsRecording, _unrecordable) = (true, true, null);
        var succeeded = false;
        try
        {
            operations();
            succeeded = true;
        }
        finally
        {
            (_recording, _context.Workspace.IsRecording) = (false, false);
            // The stream must come out of the capture; what was captured before an error is of no use.
            if (!succeeded) Abandon();
        }
        using var graph = Stream.EndCapture();
        // Somebody may have caught it, which makes the recording no better.
        if (_unrecordable is not null) throw _unrecordable;
        return new CudaRecording(graph, Stream);
    }

    private void Abandon()
    {
        try
        {
            Stream.EndCapture().Dispose();
        }
        catch (Interop.DeviceException)
        {
            // An error that broke the capture off is on its way to the caller already.
        }
    }

    private void ExpectNoRecording(string call, string reason)
    {
        if (_recording) throw _unrecordable ??= new RecordingException($"Backend.{call}", reason);
    }
}
