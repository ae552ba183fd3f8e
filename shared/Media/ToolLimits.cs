namespace OpenClaw.Media;

/// <summary>What a native program may use for one file.</summary>
/// <param name="WallClock">After this it is killed, busy or not.</param>
/// <param name="MaxOutputBytes">What is read of its output; it is killed when there is more.</param>
public sealed record ToolLimits(TimeSpan WallClock, int MaxOutputBytes)
{
    /// <summary>Seconds of processor time; null leaves it to the program itself.</summary>
    public int? CpuSeconds { get; init; }

    /// <summary>Mebibytes of address space; null leaves it to the program itself.</summary>
    public int? MemoryMebibytes { get; init; }
}

/// <summary>How a native program ended.</summary>
/// <param name="ExitCode">128 and the signal's number where a signal ended it.</param>
/// <param name="Output">What it wrote, up to the limit.</param>
public sealed record ToolResult(int ExitCode, byte[] Output)
{
    /// <summary>It wrote more than was read.</summary>
    public bool IsCut { get; init; }

    public bool IsTimedOut { get; init; }
}
