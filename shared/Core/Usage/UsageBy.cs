namespace OpenClaw.Usage;

/// <summary>What totals are kept by.</summary>
public static class UsageBy
{
    public const string Agent = "agent";
    public const string Key = "key";
    public const string Model = "model";
    public const string Session = "session";

    /// <summary>Everything of a day in one.</summary>
    public const string Day = "day";
}
