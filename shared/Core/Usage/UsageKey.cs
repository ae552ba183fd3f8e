using System.Globalization;
using OpenClaw.Security;

namespace OpenClaw.Usage;

/// <summary>One total: of a period, as its viewer sees it, of one name in one dimension.</summary>
/// <param name="Partition"><c>d20300131</c> or <c>m203001</c>.</param>
/// <param name="Prefix">Start of the row keys: viewer, dimension and hashed name.</param>
internal readonly record struct UsageKey(string Partition, string Prefix)
{
    /// <summary>The viewer that sees everything.</summary>
    public const string Everybody = "all";

    public bool IsSession => Prefix.Contains($"~{UsageBy.Session}~", StringComparison.Ordinal);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("'d'yyyyMMdd", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("'d'yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>All days from the first to the last.</summary>
    public static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last) =>
        Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays);

    public static string Month(DateTimeOffset at) => at.UtcDateTime.ToString("'m'yyyyMM", CultureInfo.InvariantCulture);

    /// <summary>Who sees a caller's totals beside the operator: the caller itself.</summary>
    public static string Viewer(Caller caller) => caller.IsOperator ? Everybody : Secret.HashName(caller.Subject);

    /// <summary>Start of all row keys of a dimension.</summary>
    public static string Dimension(string viewer, string by) => $"{viewer}~{by}~";

    /// <param name="id">Row-key part of the name.</param>
    public static UsageKey Of(string partition, string viewer, string by, string id) => new(partition, $"{Dimension(viewer, by)}{id}~");

    /// <summary>The key that budgets are checked against.</summary>
    public static UsageKey Budget(string partition, string by, string name) => Of(partition, Everybody, by, Secret.HashName(name));
}
