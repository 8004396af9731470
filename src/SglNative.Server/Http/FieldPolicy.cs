using System.Text.Json;
using SglNative.Core;

namespace SglNative.Server.Http;

/// <summary>
/// What an endpoint does with the fields that it knows by name and does not read: some would change the answer and are refused until
/// they are there; some make no difference here and are passed over. A field in neither list, and not read, is a client's own.
/// </summary>
/// <param name="notYet">Fields that are refused unless they ask for nothing, and what they ask for.</param>
/// <param name="ignored">Fields that are accepted without effect.</param>
internal sealed class FieldPolicy((string Field, string Missing)[] notYet, string[] ignored)
{
    /// <summary>The fields that are refused.</summary>
    public IEnumerable<string> NotYet => notYet.Select(entry => entry.Field);

    /// <summary>The fields that are passed over.</summary>
    public IReadOnlyList<string> Ignored => ignored;

    /// <summary>Both lists together with those of <paramref name="other"/>.</summary>
    public FieldPolicy And(FieldPolicy other) => new([.. notYet, .. other.Entries], [.. ignored, .. other.Ignored]);

    private (string Field, string Missing)[] Entries => notYet;

    /// <summary>Throws where a field asks for what is not there yet.</summary>
    /// <exception cref="SglException">The line names the field.</exception>
    public void Check(in RequestFields fields)
    {
        foreach (var (field, missing) in notYet)
            if (fields.Find(field) is { } value && AsksForSomething(value))
                throw new SglException($"{fields.PathOf(field)}: {missing} not supported yet; leave the field out");
    }

    // Clients send defaults along: false, "none", empty lists.
    private static bool AsksForSomething(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.String => value.GetString() is not ("" or "none"),
        _ => true,
    };
}
