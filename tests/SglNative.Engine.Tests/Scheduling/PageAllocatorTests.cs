using SglNative.Engine.Caching;

namespace SglNative.Engine.Tests.Scheduling;

public class PageAllocatorTests
{
    [Fact]
    public void Pages_are_handed_out_once_and_never_page_0()
    {
        var pages = new PageAllocator(6, 16);
        List<int> a = [], b = [];
        Assert.True(pages.TryGrow(a, 3));
        Assert.True(pages.TryGrow(b, 2));
        Assert.Equal([1, 2, 3, 4, 5], a.Concat(b).Order());
        Assert.False(pages.TryGrow(a, 4));
        Assert.Equal((3, 0), (a.Count, pages.Free));
        Assert.True(pages.TryGrow(a, 2));
        pages.Release(b);
        Assert.Equal((0, 2), (b.Count, pages.Free));
        Assert.True(pages.TryGrow(a, 5));
        pages.Release(a);
        Assert.Equal(pages.Capacity, pages.Free);
    }

    [Theory]
    [InlineData(1, 5, 5)]
    [InlineData(16, 0, 0)]
    [InlineData(16, 16, 1)]
    [InlineData(16, 17, 2)]
    public void Tokens_take_whole_pages(int pageSize, int tokens, int expected) => Assert.Equal(expected, new PageAllocator(2, pageSize).PagesFor(tokens));

    [Fact]
    public void A_page_given_back_twice_is_a_defect_and_a_reset_mends_it()
    {
        var pages = new PageAllocator(4, 1);
        List<int> held = [];
        pages.TryGrow(held, 2);
        pages.Release([.. held]);
        Assert.Throws<InvalidOperationException>(() => pages.Release(held));
        pages.Reset();
        Assert.Equal(3, pages.Free);
        List<int> all = [];
        Assert.True(pages.TryGrow(all, 3));
        Assert.Equal([1, 2, 3], all.Order());
    }
}
