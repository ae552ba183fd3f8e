using System.Text.Json;

namespace OpenClaw.Tests.Support;

/// <summary>A deployed app as the Functions host sees it: refuses what the real host would refuse or silently not serve.</summary>
public sealed class AppFolder
{
    private const string WorkerRoot = "{WorkerRoot}";

    private AppFolder(string path, string executable, string? firstArgument, TimeSpan restartInterval, string routePrefix,
        QueueSettings queues)
    {
        Path = path;
        Executable = executable;
        FirstArgument = firstArgument;
        RestartInterval = restartInterval;
        RoutePrefix = routePrefix;
        Queues = queues;
    }

    public string Path { get; }

    public string Executable { get; }

    /// <summary>Full path of the worker, which the host passes ahead of its own arguments.</summary>
    public string? FirstArgument { get; }

    public TimeSpan RestartInterval { get; }

    public string RoutePrefix { get; }

    public QueueSettings Queues { get; }

    /// <summary>The build output of a project of this repository, in the configuration the tests were built in.</summary>
    /// <param name="project">Folder of the project, such as <c>functions</c>.</param>
    public static string OutputOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return System.IO.Path.Combine(Repository(), project, "bin", own.Parent!.Name, own.Name);
    }

    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "OpenClaw.Functions.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside the repository.");
        }

        return folder.FullName;
    }

    public static AppFolder Read(string path)
    {
        using var host = Parse(path, "host.json");
        Require(host.RootElement.GetProperty("version").GetString() == "2.0", "host.json must say version 2.0.");
        Require(!host.RootElement.TryGetProperty("extensionBundle", out _), "host.json must not name an extension bundle.");
        var prefix = host.RootElement.TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("http", out var http) && http.TryGetProperty("routePrefix", out var text) ? text.GetString()!
                : "api";

        ReadExtensions(path);
        using var worker = Parse(path, "worker.config.json");
        var description = worker.RootElement.GetProperty("description");
        Require(description.GetProperty("language").GetString() == "dotnet-isolated", "The worker's language must be dotnet-isolated.");
        Require(description.GetProperty("extensions").ValueKind == JsonValueKind.Array, "The worker must list its extensions.");
        Require(description.GetProperty("workerIndexing").GetString() == "true", "The worker must index its functions.");
        Require(description.GetProperty(
            "canUsePlaceholder").GetBoolean(), "The platform's placeholder process must be allowed to load the worker.");

        var command = description.GetProperty("defaultExecutablePath").GetString()!;
        var executable = command.StartsWith(WorkerRoot, StringComparison.Ordinal)
            ? System.IO.Path.Combine(path, command[WorkerRoot.Length..])
            : command;
        if (executable != command)
        {
            Require(File.Exists(executable), $"{executable} does not exist.");
            Require(OperatingSystem.IsWindows()
                || (File.GetUnixFileMode(executable) & UnixFileMode.UserExecute) != 0, $"{executable} is not executable.");
        }

        string? first = null;
        if (description.TryGetProperty("defaultWorkerPath", out var relative))
        {
            first = System.IO.Path.Combine(path, relative.GetString()!);
            Require(File.Exists(first), $"{first} does not exist.");
        }

        var interval = worker.RootElement.TryGetProperty("processOptions", out var options)
            && options.TryGetProperty("processRestartInterval", out var span)
            ? TimeSpan.Parse(span.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : TimeSpan.FromSeconds(1);
        return new AppFolder(path, executable, first, interval, prefix, QueueSettings.Read(host.RootElement));
    }

    private static void ReadExtensions(string path)
    {
        Require(!File.Exists(
            System.IO.Path.Combine(path, "bin", "extensions.json")), "bin/extensions.json would be read instead of the one at the root.");
        using var extensions = Parse(path, "extensions.json");
        var all = extensions.RootElement.GetProperty("extensions").EnumerateArray().ToList();
        Require(all.Any(static e => e.GetProperty("name").GetString() == "AzureStorageQueues"),
            "Without the queue extension no queue trigger fires.");
        var loader = all.Single(static e => e.GetProperty("name").GetString() == "Startup");
        Require(
            loader.GetProperty("typeName").GetString()!.StartsWith(
                "Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.Startup, ", StringComparison.Ordinal),
            "extensions.json must name the loader's start-up class.");
        foreach (var library in all.Select(e => System.IO.Path.GetFullPath(e.GetProperty("hintPath").GetString()!, path)))
        {
            Require(File.Exists(library), $"{library} does not exist; the host would load no functions and say nothing.");
        }
    }

    private static JsonDocument Parse(string path, string name)
    {
        var file = System.IO.Path.Combine(path, name);
        Require(File.Exists(file), $"{file} does not exist.");
        return JsonDocument.Parse(File.ReadAllBytes(file));
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
