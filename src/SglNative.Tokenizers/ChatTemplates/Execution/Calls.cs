using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>Calling whatever can be called.</summary>
internal static class Calls
{
    public static bool IsCallable(object? value) =>
        value is NativeFunction or BoundMethod or MacroValue or LoopContext or Joiner or BlockReference or Undefined;

    public static object? Invoke(object? callee, RenderState state, Arguments arguments)
    {
        switch (callee)
        {
            case NativeFunction function:
                return function.Call(state, arguments);
            case BoundMethod method:
                return method.Call(state, arguments);
            case MacroValue macro:
                return macro.Call(state, arguments);
            case LoopContext loop when arguments is { Positional.Length: 1, Keywords.Count: 0 }:
                return loop.Recurse(arguments.Positional[0]);
            case LoopContext:
                throw PythonTypes.TypeError("LoopContext.__call__() takes one iterable");
            case Joiner joiner when IsEmpty(arguments):
                return joiner.Call();
            case BlockReference block when IsEmpty(arguments):
                return block.Call(state);
            case Joiner or BlockReference:
                throw PythonTypes.TypeError($"{PythonTypes.NameOf(callee)}.__call__() takes no arguments");
            case Undefined undefined:
                throw undefined.Error();
            default:
                throw PythonTypes.TypeError($"'{PythonTypes.NameOf(callee)}' object is not callable");
        }
    }

    private static bool IsEmpty(Arguments arguments) => arguments is { Positional.Length: 0, Keywords.Count: 0 };
}
