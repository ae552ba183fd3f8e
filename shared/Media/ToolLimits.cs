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

    /// <summary>Whether it may write files, of which some runtimes need one in memory to start.</summary>
    public bool MayWriteFiles { get; init; }
}

/// <summary>How a native program ended.</summary>
/// <param name="ExitCode">128 and the signal's number where a signal ended it.</param>
/// <param name="Output">What it wrote until its end, up to the limit.</param>
public sealed record ToolResult(int ExitCode, byte[] Output)
{
    /// <summary>It was killed because it wrote more than may be read.</summary>
    public bool IsCut { get; init; }

    /// <summary>It was killed because its wall clock ran out.</summary>
    public bool IsTimedOut { get; init; }

    /// <summary>A signal ended it, and not for the length of its output: it hung, met a limit, or crashed.</summary>
    public bool IsKilled => !IsCut && ExitCode > 128;
}
