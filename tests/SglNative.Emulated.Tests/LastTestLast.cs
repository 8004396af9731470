using Xunit.Sdk;
using Xunit.v3;

namespace SglNative.Emulated.Tests;

/// <summary>Leaves the order as it is, but for methods called "Last…", which look at what the others did.</summary>
public sealed class LastTestLast : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases) where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(test => test.TestMethodName?.StartsWith("Last_", StringComparison.Ordinal) ?? false)];
}
