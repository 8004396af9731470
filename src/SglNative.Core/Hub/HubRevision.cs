namespace SglNative.Core.Hub;

/// <summary>A repository at one commit.</summary>
/// <param name="Commit">The commit's hash.</param>
/// <param name="Files">All its files, as paths with '/'; each stays below the folder it is put in.</param>
internal sealed record HubRevision(string Commit, IReadOnlyList<string> Files);
