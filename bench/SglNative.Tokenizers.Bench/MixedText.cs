using System.Runtime.CompilerServices;
using System.Text;

namespace SglNative.Tokenizers.Bench;

/// <summary>
/// 1 MB of UTF-8 in blocks that take turns: English, the project's own C# code, Chinese. English and Chinese are drawn, by
/// frequencies that fall with the rank as in real text, from words of the project's prose and from a list of common words.
/// </summary>
internal static class MixedText
{
    private const int Bytes = 1_000_000;
    private const int BlockBytes = 1500;

    private const string ChineseWords =
        "的 是 在 了 不 和 有 我 他 这 中 大 来 上 国 个 到 说 们 为 子 你 地 出 会 也 时 要 就 可以 对 生 能 而 那 得 于 着 下 自己 之 年 过 发 后 作 里 用 道 行 所 然 家 "
        + "我们 他们 没有 一个 什么 问题 时候 现在 知道 因为 所以 但是 如果 这个 那个 工作 公司 中国 世界 社会 经济 发展 研究 技术 系统 数据 模型 语言 计算 学习 方法 结果 分析 使用 "
        + "提高 信息 网络 服务 管理 市场 企业 政府 人民 生活 学生 老师 学校 大学 教育 文化 历史 科学 环境 城市 北京 上海 今天 明天 昨天 早上 晚上 天气 朋友 孩子 父母 东西 事情 地方 "
        + "非常 比较 已经 应该 需要 希望 觉得 认为 开始 继续 完成 准备 参加 支持 影响 关系 情况 条件 机会 能力 水平 质量 产品 价格 投资 银行 电脑 手机 软件 程序 代码 函数 变量 算法 "
        + "神经网络 人工智能 深度学习 自然语言处理 大规模 分布式 注意力机制 推理 训练 参数 梯度 优化 内存 带宽 并行 线程 缓存 张量 矩阵 向量";

    public static string Create([CallerFilePath] string source = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", ".."));
        var random = new Random(20240726);
        var code = Code(root);
        var english = Words(Prose(root));
        var chinese = ChineseWords.Split(' ');
        var text = new StringBuilder();
        for (int bytes = 0, block = 0, at = 0; bytes < Bytes; block++)
        {
            var part = block % 3 == 0 ? English(english, random) : block % 3 == 2 ? Chinese(chinese, random) : code.Substring(at % (code.Length - BlockBytes), BlockBytes);
            if (block % 3 == 1) at += BlockBytes;
            text.Append(part).Append('\n');
            bytes += Encoding.UTF8.GetByteCount(part) + 1;
        }
        return text.ToString();
    }

    private static string Code(string root) => string.Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private static string Prose(string root) => string.Concat(Directory.EnumerateFiles(Path.Combine(root, "scripts", "demo_corpus"), "*.py").Order(StringComparer.Ordinal).Select(File.ReadAllText))
        + File.ReadAllText(Path.Combine(root, "LICENSE"));

    private static string[] Words(string prose) => [.. System.Text.RegularExpressions.Regex.Matches(prose, "[A-Za-z]+(?:'[a-z]+)?").GroupBy(m => m.Value)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];

    private static int Rank(int count, Random random) => Math.Min(count - 1, (int)Math.Pow(count, random.NextDouble()) - 1);

    private static string English(string[] words, Random random)
    {
        var text = new StringBuilder();
        while (text.Length < BlockBytes)
        {
            if (random.Next(40) == 0) text.Append(random.Next(1, 3000)).Append(' ');
            text.Append(words[Rank(words.Length, random)]).Append(random.Next(12) switch { 0 => ", ", 1 => ". ", 2 when random.Next(6) == 0 => "?\n\n", _ => " " });
        }
        return text.ToString();
    }

    private static string Chinese(string[] words, Random random)
    {
        var text = new StringBuilder();
        while (text.Length < BlockBytes / 3)
            text.Append(words[Rank(words.Length, random)]).Append(random.Next(14) switch { 0 => "，", 1 => "。", 2 when random.Next(5) == 0 => "！\n", _ => "" });
        return text.ToString();
    }
}
