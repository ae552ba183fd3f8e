using System.Text;

namespace OpenClaw.Configuration;

/// <summary>The file that the configuration comes from: loaded again when it changes, checked and written for clients.</summary>
/// <param name="restartKeys">Settings that keep their values until the next start.</param>
public sealed class ConfigFile(ConfigSource source, GatewayConfigStore config, IReadOnlyList<RestartKey> restartKeys)
{
    /// <summary>Earlier versions that are kept beside the file: <c>.bak</c>, then <c>.bak.1</c> and so on, the newest first.</summary>
    public const int Backups = 5;

    private readonly Lock _lock = new();
    private string? _written;

    /// <summary>Null when the process was started without a file.</summary>
    public string? Path => source.Path;

    /// <summary>The text of the file; null when it does not exist.</summary>
    /// <exception cref="IOException">It cannot be read, as with <see cref="UnauthorizedAccessException"/>.</exception>
    public string? Read() => Path is { } path && File.Exists(path) ? File.ReadAllText(path, Encoding.UTF8) : null;

    /// <summary>What a text would come to. Changes nothing.</summary>
    public ConfigResult Check(string text) => source.Load(text);

    /// <summary>Puts a new file in the place of the old one, which is kept beside it. A reader sees the one or the other.</summary>
    /// <param name="expected">What the file must hold now; null for no file.</param>
    /// <returns>False when the file holds something else, and nothing was written.</returns>
    /// <exception cref="IOException">It cannot be written, as with <see cref="UnauthorizedAccessException"/>.</exception>
    public bool TryWrite(string text, string? expected)
    {
        lock (_lock)
        {
            if (Path is not { } path || Read() != expected)
            {
                return false;
            }

            // A link, such as that of a mounted volume, stays a link.
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            var next = $"{target}.{Guid.NewGuid():N}.tmp";
            try
            {
                WriteNew(next, text, like: target);
                KeepBackups(target);
                File.Move(next, target, overwrite: true);
            }
            catch
            {
                File.Delete(next);
                throw;
            }

            _written = text;
            return true;
        }
    }

    /// <summary>Loads the file again. One with errors changes nothing; settings that need a restart keep their values.</summary>
    public ConfigReloaded Reload()
    {
        lock (_lock)
        {
            if (_written is not null && Read() != _written)
            {
                _written = null;
            }

            var result = source.Load(null);
            if (result.Config is not { } next)
            {
                config.IsInvalid = true;
                return new ConfigReloaded(result.Errors, []);
            }

            var kept = ChangesThatNeedRestart(next);
            foreach (var setting in restartKeys.Where(setting => kept.Contains(setting.Key)))
            {
                setting.Keep(config.Current, next);
            }

            config.IsInvalid = false;
            config.Replace(next);
            return new ConfigReloaded([], kept);
        }
    }

    /// <summary>Whether the file holds what this process wrote last, and has loaded since.</summary>
    public bool IsOwnWrite()
    {
        lock (_lock)
        {
            return _written is not null && Read() == _written;
        }
    }

    private List<string> ChangesThatNeedRestart(GatewayConfig next) =>
        [.. restartKeys.Where(setting => !Equals(setting.Read(config.Current), setting.Read(next))).Select(setting => setting.Key)];

    private static void WriteNew(string path, string text, string like)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(like) ? File.GetUnixFileMode(like) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }

    private static void KeepBackups(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        for (var i = Backups - 1; i > 0; i--)
        {
            if (File.Exists(NameOf(i - 1)))
            {
                File.Move(NameOf(i - 1), NameOf(i), overwrite: true);
            }
        }

        File.Copy(path, NameOf(0), overwrite: true);

        string NameOf(int index) => index == 0 ? path + ".bak" : $"{path}.bak.{index}";
    }
}

/// <summary>What loading the file again came to.</summary>
/// <param name="Errors">Why the last good configuration stays in force; empty for success.</param>
/// <param name="RestartKeys">Settings whose change needs a restart.</param>
public sealed record ConfigReloaded(IReadOnlyList<ConfigProblem> Errors, IReadOnlyList<string> RestartKeys);
