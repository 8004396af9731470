using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>What a render may still use. Everything that takes time or room in proportion to a value asks here first.</summary>
internal sealed class RenderBudget
{
    private const int Quantum = 4096;
    private const long MinStepsBeforeClock = 100_000;
    private const int MaxDataDepth = 400;

    private readonly ChatTemplateLimits _limits;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _maxSteps;
    private readonly long _maxText;
    private readonly TimeSpan _maxTime;
    private long _used;
    private int _fuel = Quantum;
    private int _dataDepth;
    private int _callDepth;

    public RenderBudget(ChatTemplateLimits limits, long inputLength)
    {
        _limits = limits;
        _maxSteps = limits.Steps + limits.StepsPerInputCharacter * inputLength;
        _maxText = Math.Max(limits.TextLength, 4 * inputLength);
        _maxTime = limits.Time + TimeSpan.FromTicks(inputLength / 2);
    }

    /// <summary>A small budget for values shown in error messages.</summary>
    public static RenderBudget ForMessages() => new(new ChatTemplateLimits { TextLength = 4096, Steps = 20_000 }, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (--_fuel < 0) Refuel();
    }

    public void Charge(long steps)
    {
        if (steps > Quantum)
        {
            _used += steps;
            steps = 0;
            _fuel = Math.Min(_fuel, 0);
        }
        _fuel -= (int)steps;
        if (_fuel < 0) Refuel();
    }

    /// <summary>Accounts for a text that is about to be built.</summary>
    /// <param name="length">Its length in UTF-16 units.</param>
    public void Text(long length)
    {
        if (length > _maxText) throw Error($"the template writes or builds a text of more than {_maxText} characters");
        if (length > 32) Charge(length >> 5);
    }

    /// <summary>Looks at the length of a text that grows, without accounting for it again.</summary>
    public void CheckLength(long length)
    {
        if (length > _maxText) throw Error($"the template writes or builds a text of more than {_maxText} characters");
    }

    /// <summary>Accounts for a list that is about to be built.</summary>
    public void Items(long count)
    {
        if (count > _maxText) throw Error($"the template builds a list of more than {_maxText} items");
        Charge(count);
    }

    /// <summary>Enters a nested value.</summary>
    public void Enter()
    {
        if (++_dataDepth > MaxDataDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Error("a value in the template nests too deeply");
        Step();
    }

    public void Leave() => _dataDepth--;

    /// <summary>Enters a macro, a caller, a block or a recursive loop.</summary>
    public void EnterCall()
    {
        if (++_callDepth > _limits.CallDepth) throw Error($"the template's calls nest more than {_limits.CallDepth} deep");
        CheckStack();
        Step();
    }

    public void LeaveCall() => _callDepth--;

    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Error("the template's calls and expressions nest too deeply");
    }

    private void Refuel()
    {
        _used += Quantum - _fuel;
        _fuel = Quantum;
        if (_used > _maxSteps) throw Error($"the template takes more than {_maxSteps} steps");
        if (_used > MinStepsBeforeClock && Stopwatch.GetElapsedTime(_start) > _maxTime)
            throw Error($"the template takes longer than {_maxTime.TotalMilliseconds:0} ms");
    }

    private static ChatTemplateException Error(string what) => new(TemplateErrorKind.Limit, what);
}
