using System.Collections;

namespace OpenClaw.Configuration;

/// <summary>Where configuration comes from. Nothing is read from the process except what <see cref="FromProcess"/> puts here.</summary>
public sealed class ConfigRequest
{
    /// <summary>The value of <c>--config</c>; null to search.</summary>
    public string? Path { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string CurrentDirectory { get; init; } = "";

    /// <summary>The user's home; null when there is none.</summary>
    public string? HomeDirectory { get; init; }

    /// <summary>Opens a file for reading; null when it does not exist. May throw <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.</summary>
    public Func<string, Stream?> Open { get; init; } = OpenFile;

    /// <summary>The request of a process started in the ordinary way.</summary>
    /// <param name="path">The value of <c>--config</c>, if given.</param>
    public static ConfigRequest FromProcess(string? path = null)
    {
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        return new ConfigRequest
        {
            Path = path,
            Environment = ReadEnvironment(),
            CurrentDirectory = Directory.GetCurrentDirectory(),
            HomeDirectory = home.Length > 0 ? home : null,
        };
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry pair in System.Environment.GetEnvironmentVariables())
        {
            variables.Add((string)pair.Key, (string?)pair.Value ?? "");
        }

        return variables;
    }

    private static FileStream? OpenFile(string path) => File.Exists(path) ? File.OpenRead(path) : null;
}
