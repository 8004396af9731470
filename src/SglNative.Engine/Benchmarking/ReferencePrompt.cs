using SglNative.Core.Checkpoints;

namespace SglNative.Engine.Benchmarking;

/// <summary>One prompt of a reference file and what the reference computed for it.</summary>
/// <param name="Index">Its number in the file.</param>
/// <param name="InputIds">The prompt.</param>
/// <param name="Positions">The prompt position of each row of <paramref name="PrefillLogits"/>, ascending.</param>
/// <param name="PrefillLogits">[positions, vocabulary].</param>
/// <param name="GreedyIds">The reference's greedy continuation; empty where it has none.</param>
/// <param name="DecodeLogits">[greedy ids, vocabulary]: row j is what greedy id j was taken from; null where there is none.</param>
/// <param name="HiddenStates">
/// [layers + 1, positions, hidden]: the embedding, what each layer but the last returns, the last one's after the final norm; null where
/// there are none.
/// </param>
public sealed record ReferencePrompt(
    int Index, int[] InputIds, int[] Positions, CheckpointTensor PrefillLogits, int[] GreedyIds, CheckpointTensor? DecodeLogits, CheckpointTensor? HiddenStates)
{
    /// <summary>The row of <see cref="PrefillLogits"/> that holds a position, negative where none does.</summary>
    public int PrefillRow(int position) => Array.BinarySearch(Positions, position);

    /// <summary>
    /// The row of <see cref="DecodeLogits"/> that holds a position of the whole sequence, -1 where none does. The first row belongs to the
    /// prompt's last token.
    /// </summary>
    public int DecodeRow(int position)
    {
        var row = position - (InputIds.Length - 1);
        return DecodeLogits is not null && row >= 0 && row < GreedyIds.Length ? row : -1;
    }
}
