using OpenClaw.Errors;

namespace OpenClaw.Schedules;

/// <summary>Failures of requests about jobs.</summary>
internal static class JobErrors
{
    public static GatewayError NotFound(string id) =>
        new(404, "invalid_request_error", ErrorCode.JobNotFound, $"There is no job '{GatewayError.Shorten(id)}'.");

    public static GatewayError Running(string id) => new(
        409, "conflict_error", ErrorCode.JobRunning, $"The job '{GatewayError.Shorten(id)}' is running; it runs once at a time.",
        RetryAfter: TimeSpan.FromSeconds(5));

    public static GatewayError TooMany(int most) => new(
        409, "conflict_error", ErrorCode.TooManyJobs, $"There are {most} jobs, which is as many as there can be; delete some first.");
}
