using System.Globalization;
using OpenClaw.Errors;
using OpenClaw.Schedules;
using Xunit;

namespace OpenClaw.Tests.Core.Schedules;

/// <summary>When jobs are due, also in the nights when clocks are changed.</summary>
public class JobScheduleTests
{
    private static readonly DateTimeOffset Made = Time("2027-01-01T00:00:00Z");

    [Theory]
    [InlineData("0 8 * * *", "Europe/Berlin", "2027-01-31T06:59:59Z", "2027-01-31T07:00:00Z")]
    [InlineData("0 8 * * *", "Europe/Berlin", "2027-07-31T00:00:00Z", "2027-07-31T06:00:00Z")]
    [InlineData("0 8 * * *", null, "2027-07-31T00:00:00Z", "2027-07-31T08:00:00Z")]
    [InlineData("30 5 8 * * *", "America/New_York", "2027-07-31T00:00:00Z", "2027-07-31T12:05:30Z")]
    [InlineData("0 0 29 2 *", null, "2027-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 8 * * 1", "Europe/Berlin", "2027-02-01T07:00:00Z", "2027-02-08T07:00:00Z")]
    // The clock jumps from 2:00 to 3:00 on 2027-03-28 (01:00 UTC), and from 3:00 back to 2:00 on 2027-10-31 (01:00 UTC).
    [InlineData("30 2 * * *", "Europe/Berlin", "2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2027-10-31T00:00:00Z", "2027-10-31T00:30:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z")]
    [InlineData("0 * * * *", "Europe/Berlin", "2027-10-31T00:00:00Z", "2027-10-31T01:00:00Z")]
    public void Cron(string expression, string? zone, string after, string due) => Assert.Equal(
        Time(due), new ScheduleText("cron") { Expr = expression, Tz = zone }.Read(Made).NextAfter(Time(after)));

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")] // moves by half an hour
    [InlineData("America/Sao_Paulo")] // does not move
    public void A_daily_job_runs_once_on_each_day_of_a_year(string zone)
    {
        for (var hour = 0; hour < 4; hour++)
        {
            var schedule = new ScheduleText("cron") { Expr = $"15 {hour} * * *", Tz = zone }.Read(Made);
            var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
            var days = new List<string>();
            for (var at = schedule.NextAfter(Made.AddDays(2)); at < Made.AddDays(367); at = schedule.NextAfter(at!.Value))
            {
                days.Add(TimeZoneInfo.ConvertTime(at!.Value, info).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }

            Assert.Equal(days.Distinct(), days);
            Assert.Equal(365, days.Count);
        }
    }

    [Theory]
    [InlineData(3_600_000, null, "2027-01-01T00:00:00Z", "2027-01-01T01:00:00Z")]
    [InlineData(3_600_000, null, "2027-01-01T01:30:00Z", "2027-01-01T02:00:00Z")]
    [InlineData(3_600_000, 1_800_000L, "2027-01-01T01:00:00Z", "2027-01-01T01:30:00Z")]
    [InlineData(3_600_000, 1_900_000_000_000L, "2027-01-01T01:00:00Z", "2030-03-17T17:46:40Z")]
    public void Every(long every, long? anchor, string after, string due) => Assert.Equal(
        Time(due), new ScheduleText("every") { EveryMs = every, AnchorMs = anchor }.Read(Made).NextAfter(Time(after)));

    [Theory]
    [InlineData("2027-01-31T08:00:00Z", "2027-01-31T08:00:00Z")]
    [InlineData("2027-01-31T08:00:00", "2027-01-31T08:00:00Z")]
    [InlineData("2027-01-31T08:00:00+02:00", "2027-01-31T06:00:00Z")]
    public void Once(string at, string due)
    {
        var schedule = new ScheduleText("at") { At = at }.Read(Made);
        Assert.Equal(Time(due), schedule.NextAfter(Made));
        Assert.Null(schedule.NextAfter(Time(due)));
    }

    public static TheoryData<ScheduleText, string> Bad => new()
    {
        { new ScheduleText((string?)null), "schedule.kind" },
        { new ScheduleText("hourly"), "schedule.kind" },
        { new ScheduleText("at"), "schedule.at" },
        { new ScheduleText("at") { At = "tomorrow" }, "schedule.at" },
        { new ScheduleText("at") { At = "2027-02-30T08:00:00Z" }, "schedule.at" },
        { new ScheduleText("at") { At = "08:00" }, "schedule.at" },
        { new ScheduleText("at") { At = "2027-01-31T08:00:00Z", EveryMs = 1000 }, "schedule.everyMs" },
        { new ScheduleText("every"), "schedule.everyMs" },
        { new ScheduleText("every") { EveryMs = 0 }, "schedule.everyMs" },
        { new ScheduleText("every") { EveryMs = -5 }, "schedule.everyMs" },
        { new ScheduleText("every") { EveryMs = long.MaxValue }, "schedule.everyMs" },
        { new ScheduleText("every") { EveryMs = 1000, AnchorMs = long.MaxValue }, "schedule.anchorMs" },
        { new ScheduleText("cron"), "schedule.expr" },
        { new ScheduleText("cron") { Expr = "61 * * * *" }, "schedule.expr" },
        { new ScheduleText("cron") { Expr = "* * * *" }, "schedule.expr" },
        { new ScheduleText("cron") { Expr = new string('*', 300) }, "schedule.expr" },
        { new ScheduleText("cron") { Expr = "0 8 * * *", Tz = "Mars/Olympus" }, "schedule.tz" },
        { new ScheduleText("cron") { Expr = "0 8 * * *", Tz = "../../../etc/passwd" }, "schedule.tz" },
        { new ScheduleText("cron") { Expr = "0 8 * * *", Tz = "/etc/localtime" }, "schedule.tz" },
        { new ScheduleText("cron") { Expr = "0 8 * * *", Tz = "" }, "schedule.tz" },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void An_impossible_schedule_is_refused_by_its_field(ScheduleText text, string field)
    {
        var error = Assert.Throws<GatewayException>(() => text.Read(Made)).Error;
        Assert.Equal((400, field), (error.Status, error.Param));
    }

    [Fact]
    public void A_date_that_never_comes_has_no_next_time() =>
        Assert.Null(new ScheduleText("cron") { Expr = "0 0 30 2 *" }.Read(Made).NextAfter(Made));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
