using System.Runtime.InteropServices;

namespace OpenClaw.Media.Worker;

/// <summary>Finds the command that starts a media worker: this gateway's own executable. The process that asks may be any, such as the
/// platform's placeholder, so that its own path says nothing.</summary>
internal static class MediaWorkerProgram
{
    private const string Executable = "openclaw";

    /// <summary>Where this gateway's files are.</summary>
    public static string Folder { get; } = typeof(MediaWorkerProgram).Assembly.Location is { Length: > 0 } file
        ? Path.GetDirectoryName(file)!
        : AppContext.BaseDirectory;

    /// <summary>The native executable where it can be executed; package mounts and zip tools lose that permission. Else the assembly by the
    /// <c>dotnet</c> of the runtime that runs this process.</summary>
    public static NativeProgram Find(string folder)
    {
        var native = Path.Combine(folder, OperatingSystem.IsWindows() ? Executable + ".exe" : Executable);
        var assembly = Path.Combine(folder, Executable + ".dll");
        var root = FindRuntime();
        var muxer = root is null ? null : Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var program = CanExecute(native) || muxer is null || !File.Exists(assembly)
            ? new NativeProgram(native) { FirstArguments = [MediaWorkerOptions.Command] }
            : new NativeProgram(muxer) { FirstArguments = [assembly, MediaWorkerOptions.Command] };
        return program with { Environment = CreateEnvironment(root) };
    }

    private static bool CanExecute(string file) =>
        File.Exists(file) && (
            OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <summary>All that .NET needs to start: nothing of this process's configuration and secrets.</summary>
    private static Dictionary<string, string> CreateEnvironment(string? root)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_GCHeapHardLimit"] = "0x10000000",
            ["DOTNET_TieredPGO"] = "0",
        };
        if (root is not null)
        {
            environment["DOTNET_ROOT"] = root;
        }

        // Without it no process of Windows finds its system libraries.
        if (OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("SystemRoot") is { } system)
        {
            environment["SystemRoot"] = system;
        }

        return environment;
    }

    /// <summary>The installation of .NET that runs this process; null when it brings its own runtime.</summary>
    private static string? FindRuntime()
    {
        var shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));
        return Path.GetFileName(shared) == "shared" ? Path.GetDirectoryName(shared) : null;
    }
}
