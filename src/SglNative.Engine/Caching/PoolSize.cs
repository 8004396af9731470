namespace SglNative.Engine.Caching;

/// <summary>How much the caches of a model hold.</summary>
/// <param name="Pages">Pages, the one that is set aside included.</param>
/// <param name="PageSize">Tokens in a page.</param>
/// <param name="States">Sequences whose fixed-size states are kept at once; 0 for models that have none.</param>
public readonly record struct PoolSize(int Pages, int PageSize, int States);
