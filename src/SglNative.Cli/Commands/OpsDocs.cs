using System.Reflection;
using System.Text;
using System.Xml.Linq;
using SglNative.Core;
using SglNative.Models.Operations;

namespace SglNative.Cli.Commands;

/// <summary>The page docs/ops.md: every operation, with what its documentation says of shapes and types.</summary>
internal static class OpsDocs
{
    private const string Head = """
        # Operations

        <!-- Written by `sgl-native docs ops`; edit the documentation of `Ops`, not this file. -->

        The vocabulary that models are written in, as `Ops` within every `Module`. T = tokens of the step, H = hidden size, V = vocabulary.
        Activations have the model's type (bfloat16, float16, float32) on a GPU and float32 on the CPU; weights have the model's type;
        indices are int32; logits are float32. Arithmetic is float32 whatever the storage type. Rows may have gaps between them (slices of a
        fused projection); the last dimension is dense. Results live until the layer after the next begins, or to the end of the step when
        they are made outside layers.

        Expressions (`Map`) are written as in C over the inputs x, y, z and w: `+ - * /`, comparisons, `&& || !`, `? :`, numbers, `inf`, and
        `abs ceil cos erf exp fabs floor fmax fmin log log2 pow rint rsqrt sigmoid sin sqrt tanh`, each also with an f at its end. Both backends
        round every operation to float32 by itself. `Run` launches a kernel of one's own: see `CustomOp` and `samples/SoftcapLlama`.

        | operation | what it does |
        |---|---|

        """;

    /// <summary>The page.</summary>
    /// <exception cref="SglException">The documentation file is not beside the program.</exception>
    public static string Page()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "SglNative.Models.xml");
        if (!File.Exists(path)) throw new SglException($"there is no {path}, from which the page is made; it is written by a build of the sources");
        var summaries = XDocument.Load(path).Descendants("member")
            .Select(member => (Name: (string)member.Attribute("name")!, Summary: member.Element("summary")))
            .Where(member => member.Name.StartsWith($"M:{typeof(Ops).FullName}.", StringComparison.Ordinal) && member.Summary is not null)
            .ToDictionary(member => member.Name, member => Text(member.Summary!), StringComparer.Ordinal);
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var method in typeof(Ops).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName)
                     .OrderBy(method => method.Name, StringComparer.Ordinal).ThenBy(method => method.GetParameters().Length))
        {
            var parameters = method.GetParameters();
            var start = $"M:{typeof(Ops).FullName}.{method.Name}(";
            var spans = parameters.Count(parameter => parameter.ParameterType.IsByRefLike);
            var summary = summaries.Where(one => one.Key.StartsWith(start, StringComparison.Ordinal) && Count(one.Key) == parameters.Length && one.Key.Split("ReadOnlySpan{").Length - 1 == spans)
                .Select(one => one.Value).FirstOrDefault("");
            text.Append("| `").Append(method.Name).Append('(').AppendJoin(", ", parameters.Select(parameter => parameter.Name)).Append(")` | ").Append(summary.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }
        return text.ToString();
    }

    // Commas between parameters, not those inside the braces of a generic type.
    private static int Count(string member)
    {
        var depth = 0;
        var count = 1;
        foreach (var c in member)
        {
            if (c is '{') depth++;
            else if (c is '}') depth--;
            else if (c is ',' && depth == 0) count++;
        }
        return count;
    }

    private static string Text(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
            text.Append(node switch
            {
                XElement { Name.LocalName: "paramref" } reference => $"`{(string?)reference.Attribute("name")}`",
                XElement { Name.LocalName: "see" } see => $"`{Last((string?)see.Attribute("cref") ?? "")}`",
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement other => other.Value,
                _ => node is XText plain ? plain.Value : "",
            });
        return string.Join(' ', text.ToString().Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Last(string cref) => cref.Split('(')[0].Split('.', ':')[^1];
}
