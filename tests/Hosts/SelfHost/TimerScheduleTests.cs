using System.Globalization;
using OpenClaw.Functions.Hosts.SelfHost;
using Xunit;

namespace OpenClaw.Tests.Hosts.SelfHost;

public class TimerScheduleTests
{
    [Theory]
    [InlineData("* * * * * *", "2030-01-01T00:00:00", "2030-01-01T00:00:01")]
    [InlineData("0 * * * * *", "2030-01-01T00:00:00", "2030-01-01T00:01:00")] // after, never at
    [InlineData("0 * * * * *", "2030-01-01T00:00:59.9999999", "2030-01-01T00:01:00")]
    [InlineData("0 17 * * * *", "2030-01-01T00:17:00", "2030-01-01T01:17:00")]
    [InlineData("0 17 * * * *", "2030-01-01T00:16:59", "2030-01-01T00:17:00")]
    [InlineData("*/20 * * * * *", "2030-01-01T00:00:40", "2030-01-01T00:01:00")]
    [InlineData("5,35 * * * * *", "2030-01-01T00:00:05", "2030-01-01T00:00:35")]
    [InlineData("0,*/45 * * * * *", "2030-01-01T00:00:01", "2030-01-01T00:00:45")]
    [InlineData("0 0 */6 * * *", "2030-01-01T18:00:01", "2030-01-02T00:00:00")] // over a day's end
    [InlineData("30 59 23 * * *", "2030-12-31T23:59:30", "2031-01-01T23:59:30")] // over a year's end
    [InlineData("0 0 0 31 * *", "2030-01-31T00:00:00", "2030-03-31T00:00:00")] // February has none
    [InlineData("0 0 0 29 2 *", "2030-01-01T00:00:00", "2032-02-29T00:00:00")]
    [InlineData("0 0 0 1 */3 *", "2030-01-01T00:00:00", "2030-04-01T00:00:00")]
    [InlineData("0 30 8 * * 0", "2030-01-01T00:00:00", "2030-01-06T08:30:00")] // a Sunday
    [InlineData("0 30 8 * * 1,5", "2030-01-04T08:30:00", "2030-01-07T08:30:00")]
    [InlineData("0 15 10 1 1 *", "2030-01-01T10:15:00", "2031-01-01T10:15:00")]
    public void The_next_tick_is_the_first_that_every_field_allows(string schedule, string after, string expected) =>
        Assert.Equal(Utc(expected), TimerSchedule.Parse(schedule).Next(Utc(after)));

    [Fact]
    public void Times_of_other_zones_are_taken_as_the_moment_they_are()
    {
        var next = TimerSchedule.Parse("0 0 3 * * *").Next(new DateTimeOffset(2030, 1, 1, 23, 30, 0, TimeSpan.FromHours(-5)));
        Assert.Equal(Utc("2030-01-03T03:00:00"), next);
        Assert.Equal(TimeSpan.Zero, next.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * 7")]
    [InlineData("*/0 * * * * *")]
    [InlineData("*/60 * * * * *")]
    [InlineData("-1 * * * * *")]
    [InlineData("1-5 * * * * *")]
    [InlineData("1, * * * * *")]
    [InlineData("MON * * * * *")]
    public void A_schedule_of_another_form_is_refused(string schedule) =>
        Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule));

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
