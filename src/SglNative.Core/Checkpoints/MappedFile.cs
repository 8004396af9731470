using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace SglNative.Core.Checkpoints;

/// <summary>A whole file mapped read-only into memory. The mapping ends with <see cref="Dispose"/>; the owner must outlive its readers.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _address;

    public MappedFile(SafeFileHandle handle, long length)
    {
        Length = length;
        _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _address);
    }

    public long Length { get; }

    /// <summary>Address of the file's first byte.</summary>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address is null, this);
            return (nint)_address;
        }
    }

    public void Dispose()
    {
        if (_address is null) return;
        _address = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
