namespace SglNative.Core.Checkpoints;

/// <summary>Looks at a path that should be a checkpoint's folder, and explains what else it is.</summary>
public static class CheckpointFolder
{
    /// <summary>Returns the path when it is a folder.</summary>
    /// <exception cref="SglException">There is nothing there, or it is a file: the message says what to give instead.</exception>
    public static string Require(string path)
    {
        if (Directory.Exists(path)) return path;
        if (string.IsNullOrWhiteSpace(path)) throw new SglException("the model path is empty: give a checkpoint's folder or a Hub id such as owner/name");
        if (!File.Exists(path)) throw new SglException($"no such path: {path}");
        if (WeightFiles.IsForeign(path)) throw new SglException($"{path} is not a checkpoint folder: {WeightFiles.Advice(path)}");
        throw new SglException($"{path} is a file: give the folder that holds it, with its config.json and *.safetensors");
    }

    /// <summary>Names of the files directly in the folder, sorted.</summary>
    internal static string[] FileNames(string directory)
    {
        try
        {
            return Directory.EnumerateFiles(directory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{directory} cannot be read: {e.Message}", e);
        }
    }
}
