using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Models.Upstream;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class RetryRulesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Cap = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("2", 2.0)]
    [InlineData(" 1.5 ", 1.5)]
    [InlineData("-5", 0.0)]
    [InlineData("1000000000", 3600.0)]
    [InlineData("99999999999999999999999999999999999999", 3600.0)]
    [InlineData("Tue, 01 Jan 2030 00:00:07 GMT", 7.0)]
    [InlineData("Tuesday, 01-Jan-30 00:00:07 GMT", 7.0)]
    [InlineData("Tue Jan  1 00:00:07 2030", 7.0)]
    [InlineData("Mon, 31 Dec 2029 23:59:00 GMT", 0.0)]
    [InlineData("Tue, 01 Jan 2999 00:00:00 GMT", 3600.0)]
    [InlineData("soon", null)]
    [InlineData("1e9", null)]
    [InlineData("NaN", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Retry_after_is_read_as_seconds_or_a_date(string? value, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(value, Now, Cap)?.TotalSeconds);

    [Fact]
    public void Milliseconds_are_read_too() =>
        Assert.Equal(TimeSpan.FromMilliseconds(250.5), RetryAfter.ParseMilliseconds("250.5", Cap));

    [Fact]
    public void Whatever_the_header_says_the_wait_is_within_bounds()
    {
        var numbers = ArbMap.Default.GeneratorFor<double>().Select(value => value.ToString("R", null));
        var integers = ArbMap.Default.GeneratorFor<long>().Select(value => value.ToString((IFormatProvider?)null));
        var dates = ArbMap.Default.GeneratorFor<DateTime>().Select(value => value.ToString("r", null));
        var garbage = ArbMap.Default.GeneratorFor<string>();
        Prop.ForAll(Gen.OneOf(numbers, integers, dates, garbage).ToArbitrary(), value =>
            RetryAfter.Parse(value, Now, Cap) is not { } wait || (wait >= TimeSpan.Zero && wait <= Cap)).Check(
                Config.QuickThrowOnFailure.WithMaxTest(10_000).WithReplay(20261127, 1));
    }

    [Fact, Trait("Feature", "R13")]
    public void Retries_stay_within_a_tenth_of_the_traffic()
    {
        var budget = new RetryBudget(new FakeTimeProvider());
        var retries = 0;
        for (var request = 0; request < 10_000; request++)
        {
            budget.Deposit();
            retries += budget.TryWithdraw() ? 1 : 0;
        }

        Assert.InRange(retries, 1000, 1010); // the tenth, and what a full bucket held at first
    }

    [Fact]
    public void A_quiet_gateway_gets_a_retry_back_every_ten_seconds()
    {
        var clock = new FakeTimeProvider();
        var budget = new RetryBudget(clock);
        while (budget.TryWithdraw())
        {
        }

        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(budget.TryWithdraw());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(budget.TryWithdraw());
        Assert.False(budget.TryWithdraw());
    }
}
