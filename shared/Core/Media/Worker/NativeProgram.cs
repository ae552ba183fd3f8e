namespace OpenClaw.Media.Worker;

/// <summary>A native program as it is started on this machine.</summary>
/// <param name="File">Absolute path.</param>
public sealed record NativeProgram(string File)
{
    /// <summary>What comes before its own arguments, such as those of a loader that starts it.</summary>
    public IReadOnlyList<string> FirstArguments { get; init; } = [];

    /// <summary>All the environment it gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
