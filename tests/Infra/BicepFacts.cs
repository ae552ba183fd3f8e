using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Functions.Cli;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Infra;

/// <summary>What one Bicep file declares.</summary>
/// <param name="Name">Path inside the folder that was read.</param>
/// <param name="Errors">Of syntax, each with line and column.</param>
/// <param name="Settings">Names of app settings.</param>
/// <param name="Assigned">Names that are given a value: of a parameters file, its parameters.</param>
/// <param name="Using">The template of a parameters file.</param>
public sealed record BicepFile(
    string Name, IReadOnlyList<string> Errors, IReadOnlyList<BicepParameter> Params, IReadOnlyList<BicepOutput> Outputs,
    IReadOnlyList<BicepResource> Resources, IReadOnlyList<BicepModule> Modules, IReadOnlyList<string> Settings, IReadOnlyList<string> Assigned, string? Using);

/// <param name="Uses">How often the file refers to it.</param>
public sealed record BicepParameter(string Name, string? Description, bool IsSecure, bool IsRequired, int Uses);

public sealed record BicepOutput(string Name, string? Description, string Text);

public sealed record BicepResource(string Symbol, string Type, string? Version, bool IsExisting);

public sealed record BicepModule(string Symbol, string Path, IReadOnlyList<string> Params);

/// <summary>The Bicep files of a folder as the parser in <c>tests/Infra/bicep</c> reads them.</summary>
public sealed partial record BicepFacts(string Folder, IReadOnlyList<BicepFile> Files)
{
    public static string InfraFolder { get; } = Path.Combine(Repository.Root, "infra");

    public IEnumerable<BicepFile> Templates => Files.Where(file => file.Using is null);

    public BicepFile Main => File("main.bicep");

    public BicepFile File(string name) => Files.Single(file => file.Name == name);

    public string TextOf(string name) => System.IO.File.ReadAllText(Path.Combine(Folder, name));

    public static async Task<BicepFacts> ReadAsync(string folder, CancellationToken cancellationToken) =>
        new(folder, JsonSerializer.Deserialize(await RunAsync("facts.mjs", folder, cancellationToken), FactsJson.Default.ListBicepFile)!);

    /// <summary>Runs a script of <c>tests/Infra/bicep</c> with the packages pinned there, and returns what it prints.</summary>
    public static async Task<string> RunAsync(string script, string argument, CancellationToken cancellationToken)
    {
        var home = Path.Combine(Repository.Root, "tests", "Infra", "bicep");
        await new NpmInstallation(home, "The Bicep parser").EnsureAsync(progress: null, cancellationToken);
        using var process = Process.Start(new ProcessStartInfo("node", [script, argument])
        {
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{script}: {await errors}");
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(List<BicepFile>))]
    private sealed partial class FactsJson : JsonSerializerContext;
}
