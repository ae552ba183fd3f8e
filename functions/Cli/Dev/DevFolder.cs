using OpenClaw.Functions.Cli.Commands;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>Where <c>dev</c> keeps its token and data: the folder that is named, else <c>.openclaw</c> beside the solution, which Git
/// ignores, else in the current folder.</summary>
public sealed class DevFolder
{
    private const string OwnName = ".openclaw";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;

    private DevFolder(string path) => _path = path;

    public string Azurite => Path.Combine(_path, "azurite");

    private string TokenFile => Path.Combine(_path, "dev-token");

    /// <param name="path">As the user gave it; null for the default.</param>
    public static DevFolder Find(string? path)
    {
        if (path is not null)
        {
            return new DevFolder(Path.GetFullPath(path));
        }

        var root = Directory.GetCurrentDirectory();
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "OpenClaw.Functions.sln")))
            {
                root = at.FullName;
                break;
            }
        }

        return new DevFolder(Path.Combine(root, OwnName));
    }

    /// <summary>The token of earlier starts, or a new one, readable by its owner only.</summary>
    public string ReadOrCreateToken()
    {
        CreateForOwner();
        if (File.Exists(TokenFile) && File.ReadAllText(TokenFile).Trim() is { Length: > 0 } kept)
        {
            return kept;
        }

        var token = CommandLine.NewToken();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(TokenFile, options);
        file.WriteLine(token);
        return token;
    }

    /// <summary>Creates the folder, which holds a token and all data, for its owner only. A folder of that name from earlier versions is
    /// closed; one that the user made and named keeps its mode.</summary>
    private void CreateForOwner()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
        }
        else if (!Directory.Exists(_path))
        {
            Directory.CreateDirectory(_path, OwnerOnly);
        }
        else if (Path.GetFileName(_path) == OwnName)
        {
            File.SetUnixFileMode(_path, OwnerOnly);
        }
    }
}
