using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using SglNative.Core;
using SglNative.Plugins.Store;

namespace SglNative.Plugins.Loading;

/// <summary>What an assembly says of itself, read from its metadata: no code of it runs.</summary>
/// <param name="Name">Its simple name.</param>
/// <param name="Architectures">The names its classes are marked with.</param>
/// <param name="References">The assemblies it refers to.</param>
public sealed record InspectedAssembly(string Name, IReadOnlyList<PluginArchitecture> Architectures, IReadOnlyList<(string Name, Version Version)> References)
{
    /// <summary>The version of SglNative.Models it was built against; null where it does not refer to it.</summary>
    public Version? Sdk => References.FirstOrDefault(reference => reference.Name == AssemblyInspector.SdkAssembly).Version;
}

/// <summary>Reads assemblies without loading them.</summary>
public static class AssemblyInspector
{
    /// <summary>The assembly that plugins are built against.</summary>
    public const string SdkAssembly = "SglNative.Models";

    private const string AttributeNamespace = "SglNative.Models.Registry", AttributeName = "ModelArchitectureAttribute";

    /// <summary>Reads a file; null when it is no managed assembly.</summary>
    /// <exception cref="SglException">The file cannot be read.</exception>
    public static InspectedAssembly? TryRead(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata) return null;
            var metadata = file.GetMetadataReader();
            return metadata.IsAssembly ? Read(metadata) : null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>True when some code in the file calls <c>ModelRegistry.Register</c>.</summary>
    public static bool CallsRegister(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata) return false;
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference && metadata.StringComparer.Equals(member.Name, "Register")
                && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name, "ModelRegistry"))
                return true;
        }
        return false;
    }

    private static InspectedAssembly Read(MetadataReader metadata)
    {
        var architectures = new List<PluginArchitecture>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            foreach (var attributeHandle in type.GetCustomAttributes())
            {
                var attribute = metadata.GetCustomAttribute(attributeHandle);
                if (!IsArchitecture(metadata, attribute)) continue;
                var value = metadata.GetBlobReader(attribute.Value);
                // A prolog of two bytes, then the constructor's only argument.
                if (value.ReadUInt16() == 1 && value.ReadSerializedString() is { } name) architectures.Add(new PluginArchitecture(name, metadata.GetString(type.Name)));
            }
        }
        return new InspectedAssembly(metadata.GetString(metadata.GetAssemblyDefinition().Name), architectures,
            [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(reference => (metadata.GetString(reference.Name), reference.Version))]);
    }

    private static bool IsArchitecture(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference) return false;
        var parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference) return false;
        var type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, AttributeName) && metadata.StringComparer.Equals(type.Namespace, AttributeNamespace);
    }
}
