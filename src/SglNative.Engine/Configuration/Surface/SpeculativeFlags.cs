using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class SpeculativeFlags
{
    private const string Only = "it matters with --speculative-algorithm only, which is not there yet";

    public static FlagGroup Group { get; } = new("Speculative decoding",
    [
        Flag.Text("--speculative-algorithm", "How tokens are guessed ahead.").OneOf("EAGLE", "EAGLE3", "NEXTN", "STANDALONE", "NGRAM").Shown("NAME")
            .NotYet("speculative decoding", "a start without it: the answers are the same, one token a step"),
        Flag.Text("--speculative-draft-model-path", "Model that guesses.").Alias("--speculative-draft-model").Shown("PATH").NoEffect(Only),
        Flag.Text("--speculative-draft-model-revision", "Branch, tag or commit of the guessing model.").NoEffect(Only),
        Flag.Text("--speculative-draft-load-format", "Form of the guessing model's weights.").Shown("FORMAT").NoEffect(Only),
        Flag.Integer("--speculative-num-steps", "Steps that are guessed ahead.").NoEffect(Only),
        Flag.Integer("--speculative-eagle-topk", "Guesses per step.").NoEffect(Only),
        Flag.Integer("--speculative-num-draft-tokens", "Tokens that one step verifies.").NoEffect(Only),
        Flag.Number("--speculative-accept-threshold-single", 1.0, "Probability from which a guess is taken as it is.").NoEffect(Only),
        Flag.Number("--speculative-accept-threshold-acc", 1.0, "Divisor that raises a guess's chance of being taken.").NoEffect(Only),
        Flag.Text("--speculative-token-map", "File of the guessing model's reduced vocabulary.").Shown("FILE").NoEffect(Only),
        Flag.Text("--speculative-attention-mode", "prefill", "Attention that verifies guesses.").OneOf("prefill", "decode").Shown("MODE").NoEffect(Only),
        Flag.Text("--speculative-draft-attention-backend", "Kernels for the guessing model's attention.").OneOf(KernelFlags.AttentionBackends).Shown("NAME")
            .NoEffect(Only),
        Flag.Text("--speculative-moe-runner-backend", "Kernels for the guessing model's experts.").Shown("NAME").NoEffect(Only),
        Flag.Text("--speculative-moe-a2a-backend", "How the guessing model's experts exchange tokens.").Shown("NAME").NoEffect(Only),
        Flag.Text("--speculative-draft-model-quantization", "Quantisation of the guessing model.").Shown("METHOD").NoEffect(Only),
        Flag.Integer("--speculative-ngram-min-bfs-breadth", 1, "Least breadth of the search in the n-gram trie.").NoEffect(Only),
        Flag.Integer("--speculative-ngram-max-bfs-breadth", 10, "Greatest breadth of that search.").NoEffect(Only),
        Flag.Text("--speculative-ngram-match-type", "BFS", "Prefer recent (BFS) or frequent (PROB) continuations.").OneOf("BFS", "PROB").Shown("TYPE")
            .NoEffect(Only),
        Flag.Integer("--speculative-ngram-max-trie-depth", 18, "Longest suffix that the trie keeps.").NoEffect(Only),
        Flag.Integer("--speculative-ngram-capacity", 10_000_000, "Entries that the trie keeps.").NoEffect(Only),
        Flag.Switch("--enable-multi-layer-eagle", "Guess with one EAGLE layer per step.").NoEffect(Only),
    ]);
}
