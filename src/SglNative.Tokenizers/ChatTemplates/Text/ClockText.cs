using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>A time as C's <c>strftime</c> writes it in the C locale, with glibc's flags and widths.</summary>
internal static class ClockText
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    public static string Format(DateTime time, string format, RenderBudget budget)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }
            var start = i++;
            char flag = '\0';
            while (i < format.Length && format[i] is '-' or '_' or '0' or '^' or '#') flag = format[i++];
            var width = 0;
            while (i < format.Length && char.IsAsciiDigit(format[i]) && width < 100_000) width = width * 10 + (format[i++] - '0');
            budget.Text(width);
            if (i < format.Length && format[i] is 'E' or 'O') i++;
            var field = i < format.Length ? Field(time, format[i]) : null;
            if (field is not { } found)
            {
                result.Append(format, start, Math.Min(i + 1, format.Length) - start);
                continue;
            }
            Append(result, found.Text, flag, width, found.Pad);
        }
        budget.Text(result.Length);
        return result.ToString();
    }

    /// <summary>The text of a directive, and what pads it: a zero or a blank for numbers, nothing for the rest.</summary>
    private static (string Text, char Pad)? Field(DateTime t, char directive) => directive switch
    {
        'a' => (Days[(int)t.DayOfWeek][..3], '\0'),
        'A' => (Days[(int)t.DayOfWeek], '\0'),
        'b' or 'h' => (Months[t.Month - 1][..3], '\0'),
        'B' => (Months[t.Month - 1], '\0'),
        'c' => (string.Create(CultureInfo.InvariantCulture, $"{Days[(int)t.DayOfWeek][..3]} {Months[t.Month - 1][..3]} {t.Day,2} {t:HH:mm:ss} {t.Year}"), '\0'),
        'C' => Number(t.Year / 100, 2),
        'd' => Number(t.Day, 2),
        'D' or 'x' => (t.ToString("MM/dd/yy", CultureInfo.InvariantCulture), '\0'),
        'e' => Blank(t.Day),
        'f' => ((t.Ticks % TimeSpan.TicksPerSecond / 10).ToString("000000", CultureInfo.InvariantCulture), '\0'),
        'F' => (t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), '\0'),
        'g' => Number(ISOWeek.GetYear(t) % 100, 2),
        'G' => (ISOWeek.GetYear(t).ToString(CultureInfo.InvariantCulture), '0'),
        'H' => Number(t.Hour, 2),
        'I' => Number((t.Hour + 11) % 12 + 1, 2),
        'j' => Number(t.DayOfYear, 3),
        'k' => Blank(t.Hour),
        'l' => Blank((t.Hour + 11) % 12 + 1),
        'm' => Number(t.Month, 2),
        'M' => Number(t.Minute, 2),
        'n' => ("\n", '\0'),
        'p' => (t.Hour < 12 ? "AM" : "PM", '\0'),
        'P' => (t.Hour < 12 ? "am" : "pm", '\0'),
        'r' => (t.ToString("hh:mm:ss tt", CultureInfo.InvariantCulture), '\0'),
        'R' => (t.ToString("HH:mm", CultureInfo.InvariantCulture), '\0'),
        's' => (((long)(t.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds).ToString(CultureInfo.InvariantCulture), '0'),
        'S' => Number(t.Second, 2),
        't' => ("\t", '\0'),
        'T' or 'X' => (t.ToString("HH:mm:ss", CultureInfo.InvariantCulture), '\0'),
        'u' => Number(((int)t.DayOfWeek + 6) % 7 + 1, 1),
        'U' => Number((t.DayOfYear + 6 - (int)t.DayOfWeek) / 7, 2),
        'V' => Number(ISOWeek.GetWeekOfYear(t), 2),
        'w' => Number((int)t.DayOfWeek, 1),
        'W' => Number((t.DayOfYear + 6 - ((int)t.DayOfWeek + 6) % 7) / 7, 2),
        'y' => Number(t.Year % 100, 2),
        'Y' => (t.Year.ToString(CultureInfo.InvariantCulture), '0'),
        'z' or 'Z' => ("", '\0'),
        '%' => ("%", '\0'),
        _ => null,
    };

    private static (string, char) Number(int value, int digits) => (value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0'), '0');

    private static (string, char) Blank(int value) => (value.ToString(CultureInfo.InvariantCulture).PadLeft(2), ' ');

    private static void Append(StringBuilder result, string text, char flag, int width, char pad)
    {
        var isNumber = pad != '\0';
        if (isNumber && flag is '-' or '_' or '0')
        {
            var bare = text.TrimStart(' ').TrimStart('0') is { Length: > 0 } significant ? significant : "0";
            text = flag switch { '-' => bare, '_' => bare.PadLeft(text.Length), _ => bare.PadLeft(text.Length, '0') };
        }
        if (flag == '^') text = text.ToUpperInvariant();
        if (flag == '#') text = text is "AM" or "PM" ? text.ToLowerInvariant() : text.ToUpperInvariant();
        result.Append(flag == '-' ? text : text.PadLeft(width, flag == '_' || !isNumber && flag != '0' ? ' ' : pad == '\0' ? '0' : flag == '0' ? '0' : pad));
    }
}
