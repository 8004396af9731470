using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SglNative.Core.Hub;

/// <summary>
/// The checksum that an etag stands for: SHA-256 of the content (64 digits), or git's SHA-1 of a blob (40 digits: a header with
/// the size, then the content). Any other etag, as of a mirror, cannot be checked.
/// </summary>
internal sealed class HubChecksum : IDisposable
{
    private readonly string _expected;
    private readonly IncrementalHash? _hash;
    private readonly byte[] _header = [];

    public HubChecksum(HubFile file)
    {
        _expected = file.ETag;
        if (!file.ETag.All(char.IsAsciiHexDigitLower)) return;
        if (file.ETag.Length == 64) _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (file.ETag.Length == 40 && file.Size is { } size)
        {
#pragma warning disable CA5350 // git's object names are SHA-1 by definition; it guards against damage here, not against an attacker
            _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
            _header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0"));
        }
        Append(_header);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash?.AppendData(bytes);

    /// <summary>Forgets the bytes so far.</summary>
    public void Reset()
    {
        _hash?.GetHashAndReset();
        Append(_header);
    }

    /// <summary>Null when the bytes are those expected, otherwise what they sum to.</summary>
    public string? FindMismatch()
    {
        if (_hash is null) return null;
        var actual = Convert.ToHexStringLower(_hash.GetHashAndReset());
        return actual == _expected ? null : actual;
    }

    public void Dispose() => _hash?.Dispose();
}
