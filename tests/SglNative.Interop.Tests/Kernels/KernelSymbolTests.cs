using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public sealed class KernelSymbolTests
{
    private const string Scale = "_ZN3sgl5scaleIffEEvNS_15ElementwiseArgsE", Scaled = "_ZN3sgl6scaledIffEEvNS_15ElementwiseArgsE",
        LogProbs = "_ZN3sgl9log_probsENS_12LogProbsArgsE", TopLogProbs = "_ZN3sgl13top_log_probsENS_12LogProbsArgsE";

    [Theory]
    [InlineData("sgl::scale<float, float>", Scale)]
    [InlineData("sgl::log_probs", LogProbs)]
    [InlineData("sgl::top_log_probs", TopLogProbs)]
    [InlineData("vector_add", "vector_add")]
    [InlineData("square", "_Z6squarePfi")]
    public void A_kernel_is_found_among_others(string instantiation, string symbol) =>
        Assert.Equal(symbol, KernelSymbol.Find(instantiation, [Scaled, Scale, LogProbs, TopLogProbs, "vector_add", "_Z6squarePfi"]));

    [Theory]
    [InlineData("sgl::scale")]
    [InlineData("sgl::log_probs<float>")]
    [InlineData("scale<float, float>")]
    [InlineData("other::scale<float, float>")]
    [InlineData("vector_add<float>")]
    public void What_is_not_there_is_not_found(string instantiation) =>
        Assert.Null(KernelSymbol.Find(instantiation, [Scaled, Scale, LogProbs, TopLogProbs, "vector_add"]));

    [Fact]
    public void Two_instantiations_of_one_template_are_not_guessed_between() =>
        Assert.Null(KernelSymbol.Find("sgl::scale<float, float>", [Scale, "_ZN3sgl5scaleIiiEEvNS_15ElementwiseArgsE"]));
}
