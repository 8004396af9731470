using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public class IncludeScannerTests
{
    [Theory]
    [InlineData("#include \"a/b.cuh\"\n", "1:a/b.cuh")]
    [InlineData("  #  include <a.cuh>  // why\n", "1:a.cuh")]
    [InlineData("int x;\r\n#include \"a.cuh\"\r\n", "2:a.cuh")]
    [InlineData("// #include \"a.cuh\"\n/* #include \"b.cuh\"\n#include \"c.cuh\" */ #include \"d.cuh\"\n", "3:d.cuh")]
    [InlineData("const char* s = \"/*\";\n#include \"a.cuh\"\nconst char* t = \"*/\";", "2:a.cuh")]
    [InlineData("auto c = '\"';\n#include \"a.cuh\"", "2:a.cuh")]
    [InlineData("int n = 1'000; // it's\n#include \"a.cuh\"", "2:a.cuh")]
    [InlineData("auto s = \"unterminated\n#include \"a.cuh\"", "2:a.cuh")]
    [InlineData("#define X \"\\\"\" /* \" */\n#include \"a.cuh\"", "2:a.cuh")]
    [InlineData("#include HEADER\n", "1:")]
    [InlineData("#include \"\"\n", "1:")]
    [InlineData("#pragma once\n#if 0\n#endif", "")]
    [InlineData("/* never closed\n#include \"a.cuh\"", "")]
    [InlineData("", "")]
    public void Finds_the_includes_that_a_compiler_would_see(string text, string expected) =>
        Assert.Equal(expected, string.Join(",", IncludeScanner.Scan(text).Select(i => $"{i.Line}:{i.Path}")));
}
