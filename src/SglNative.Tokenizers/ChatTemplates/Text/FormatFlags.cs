namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>The flags of a printf-style conversion.</summary>
internal sealed class FormatFlags
{
    public bool Left { get; private set; }
    public bool Plus { get; private set; }
    public bool Space { get; private set; }
    public bool Alternate { get; private set; }
    public bool Zero { get; private set; }

    public bool TryAdd(char flag)
    {
        switch (flag)
        {
            case '-': Left = true; return true;
            case '+': Plus = true; return true;
            case ' ': Space = true; return true;
            case '#': Alternate = true; return true;
            case '0': Zero = true; return true;
            default: return false;
        }
    }
}
