using OpenClaw.Configuration;

namespace OpenClaw.Media;

/// <summary>Where native tools are looked for, in this order.</summary>
public sealed record MediaToolsOptions
{
    /// <summary>The variable that names the folder of a bundle.</summary>
    public const string FolderVariable = EnvironmentVariables.MediaTools;

    public static string BesideExecutable { get; } = Path.Combine(AppContext.BaseDirectory, "media-tools");

    /// <summary>Folders that may hold a <see cref="MediaBundle"/>.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Folders of programs, as in <c>PATH</c>.</summary>
    public required string SearchPath { get; init; }

    public static MediaToolsOptions FromEnvironment(Func<string, string?> environment) => new()
    {
        Folders =
        [
            .. environment(FolderVariable) is { Length: > 0 } folder ? (string[])[Path.GetFullPath(folder)] : [],
            BesideExecutable,
        ],
        SearchPath = environment("PATH") ?? "",
    };

    /// <summary>Null when the program is in no folder of <see cref="SearchPath"/>.</summary>
    public NativeProgram? FindProgram(string name) =>
        SearchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(File.Exists) is { } path ? new NativeProgram(path) : null;
}
