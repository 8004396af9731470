using System.Text.Json;
using SglNative.Tokenizers.ChatTemplates;

namespace SglNative.Tokenizers.Tests.ChatTemplates;

/// <summary>Templates that would never end, or end the process, are stopped.</summary>
public sealed class SandboxTests
{
    private static readonly JsonElement Messages = JsonElement.Parse("""[{"role": "user", "content": "hi"}]""");

    public static TheoryData<string> Endless =>
    [
        "{% for a in range(999999) %}{% for b in range(999999) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99999) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99999) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "{% set ns = namespace(n=2) %}{% for i in range(99999) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
        "{{ 'x' * 1000000000 }}", "{{ [0] * 1000000000 }}", "{{ 9 ** 99999999 }}", "{{ 'a' | center(1000000000) }}", "{{ '%1000000000d' % 1 }}", "{{ '{:1000000000}'.format(1) }}", "{{ range(1000000000) | list }}",
        "{{ 'x' | indent(1000000000) }}", "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}", "{{ range(100000) | map('string') | join('x' * 100000) }}", "{{ cycler.x.y }}",
        "{% set ns = namespace(v=[]) %}{% for i in range(99999) %}{% set ns.v = [ns.v, ns.v] %}{% endfor %}{{ ns.v }}",
        "{% set x %}{% for i in range(99999999) %}spam spam spam spam{% endfor %}{% endset %}{{ x }}",
        "{{ range(90000) | sort(reverse=true) | batch(1) | list | tojson }}{{ [1] | batch(99999999, 'x') | list }}", "{{ ('ab' * 500000) | wordwrap(1) | length }}{{ 'x' * 1000000000 }}",
        "{% set l = range(90000) | list %}{% for i in range(90000) %}{{ l | sum }}{{ l == l }}{{ l.index(89999) }}{{ 'x' in l }}{% endfor %}",
        "{% set s = ' ' * 100000 %}{% for i in range(90000) %}{{ s.strip() }}{{ s | title }}{{ s | wordcount }}{% endfor %}",
        "{% set s = 'a ' * 500000 %}{% for i in range(90000) %}{{ s.split() | length }}{{ s | urlize | length }}{{ s | tojson | length }}{{ s | striptags | length }}{% endfor %}",
    ];

    [Theory]
    [MemberData(nameof(Endless))]
    public void An_endless_template_is_stopped_within_100_milliseconds(string source)
    {
        var template = ChatTemplate.Parse(source);
        var best = TimeSpan.MaxValue;
        // Others may load the machine: what counts is this thread's own time, and the best of some attempts (the first ones compile).
        for (var attempt = 0; attempt < 5 && best > TimeSpan.FromMilliseconds(100); attempt++)
        {
            var start = ThreadTime.Now;
            var error = Assert.Throws<ChatTemplateException>(() => { template.Render(new ChatTemplateInputs(Messages)); });
            var took = ThreadTime.Now - start;
            if (took < best) best = took;
            Assert.DoesNotContain('\n', error.Message);
            Assert.False(error.RaisedByTemplate);
        }
        Assert.True(best <= TimeSpan.FromMilliseconds(100), $"it took {best.TotalMilliseconds:0} ms");
    }

    [Fact]
    public void Nesting_in_the_source_is_bounded()
    {
        foreach (var source in new[]
        {
            "{{ " + new string('(', 20_000) + "1" + new string(')', 20_000) + " }}", "{{ " + new string('[', 20_000) + new string(']', 20_000) + " }}", "{{ " + string.Concat(Enumerable.Repeat("not ", 20_000)) + "1 }}",
            "{{ " + new string('-', 20_000) + "1 }}", "{{ a" + string.Concat(Enumerable.Repeat(".a", 20_000)) + " }}", "{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 20_000)) + " }}",
            string.Concat(Enumerable.Repeat("{% if 1 %}", 20_000)) + string.Concat(Enumerable.Repeat("{% endif %}", 20_000)), "{{ 'a'" + string.Concat(Enumerable.Repeat(" | upper", 20_000)) + " }}",
            "{{ 1" + string.Concat(Enumerable.Repeat(" if 1 else 1", 20_000)) + " }}", "{{ 1" + string.Concat(Enumerable.Repeat(" ** 1", 20_000)) + " }}",
        })
        {
            var error = Record.Exception(() => ChatTemplate.Parse(source).Render(new ChatTemplateInputs(Messages)));
            Assert.True(error is null or ChatTemplateException, error?.ToString());
        }
    }

    [Fact]
    public void Deeply_nested_messages_are_refused_or_rendered()
    {
        var nested = string.Concat(Enumerable.Repeat("[", 900)) + string.Concat(Enumerable.Repeat("]", 900));
        using var messages = JsonDocument.Parse($$"""[{"role": "user", "content": {{nested}}}]""", new JsonDocumentOptions { MaxDepth = 2000 });
        var error = Record.Exception(() => ChatTemplate.Parse("{{ messages | tojson }}{{ messages }}").Render(new ChatTemplateInputs(messages.RootElement)));
        Assert.True(error is null or ChatTemplateException, error?.ToString());
    }

    [Theory]
    [InlineData("{{ ''.__class__.__mro__ }}")]
    [InlineData("{{ messages.__class__.__bases__[0] }}")]
    [InlineData("{{ raise_exception.__globals__ }}")]
    [InlineData("{{ cycler.__init__.__globals__.os.popen('id').read() }}")]
    [InlineData("{{ self._TemplateReference__context }}")]
    [InlineData("{{ namespace.__init__ }}")]
    public void Nothing_but_the_values_is_reached(string source)
    {
        var text = Record.Exception(() => Assert.Equal("", ChatTemplate.Parse(source).Render(new ChatTemplateInputs(Messages))));
        Assert.True(text is null or ChatTemplateException, text?.ToString());
    }

    [Fact]
    public void A_template_that_refuses_says_its_own_words()
    {
        var error = Assert.Throws<ChatTemplateException>(() => { ChatTemplate.Parse("{{ raise_exception('Only é \"two\"') }}").Render(new ChatTemplateInputs(Messages)); });
        Assert.Equal("Only é \"two\"", error.Message);
        Assert.True(error.RaisedByTemplate);
    }

    [Fact]
    public void Damaged_templates_never_end_in_anything_but_an_error()
    {
        var random = new Random(9);
        var sources = TestData.Read("templates").GetProperty("cases").EnumerateArray().Select(c => TestData.Text(c, "template")).ToArray();
        string[] parts = ["{%", "%}", "{{", "}}", "{#", "#}", "-", "for", " in ", "if", "endfor", "(", ")", "[", "]", "|", ".", "'", "\"", "\\", "=", "macro", "set", " ", "1", "x", "~", "**", "\ud83d", "\0"];
        for (var i = 0; i < 4000; i++)
        {
            var source = sources[random.Next(sources.Length)];
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                var at = random.Next(source.Length + 1);
                source = random.Next(3) switch
                {
                    0 => source.Insert(at, parts[random.Next(parts.Length)]),
                    1 => source.Remove(Math.Min(at, source.Length), Math.Min(random.Next(4), source.Length - at)),
                    _ => source[..at] + sources[random.Next(sources.Length)],
                };
            }
            try
            {
                ChatTemplate.Parse(source).Render(new ChatTemplateInputs(Messages));
            }
            catch (ChatTemplateException e)
            {
                if (!e.RaisedByTemplate) Assert.DoesNotContain('\n', e.Message);
            }
        }
    }
}
