namespace OpenClaw.Media;

/// <summary>How the media worker is started: this gateway's own executable, as a process of its own.</summary>
public sealed record MediaWorkerOptions
{
    /// <summary>The executable's hidden command.</summary>
    public const string Command = "media-worker";

    /// <summary>The variable that names the folder of the worker's libraries.</summary>
    public const string LibrariesVariable = "OPENCLAW_MEDIA_LIBRARIES";

    private const string Executable = "openclaw";

    public NativeProgram Program { get; init; } = Find();

    /// <summary>A decoder that starves uses no processor time: this ends it.</summary>
    public TimeSpan WallClock { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many run at a time; the others wait.</summary>
    public int MaxProcesses { get; init; } = 2;

    /// <summary>Started by <c>dotnet</c> the executable may not be executable, so that <c>dotnet</c> starts the worker too.</summary>
    private static NativeProgram Find()
    {
        var own = Environment.ProcessPath ?? "";
        var beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? Executable + ".exe" : Executable);
        return Path.GetFileNameWithoutExtension(own) switch
        {
            Executable => new NativeProgram(own) { FirstArguments = [Command] },
            "dotnet" => new NativeProgram(own) { FirstArguments = [Path.Combine(AppContext.BaseDirectory, Executable + ".dll"), Command] },
            _ => new NativeProgram(beside) { FirstArguments = [Command] },
        };
    }
}
