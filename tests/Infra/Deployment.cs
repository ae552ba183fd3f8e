using System.Text.Json;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Infra;

/// <param name="Template">ARM JSON of the template that it is for; null when the two do not compile.</param>
/// <param name="Diagnostics">What compiler and linter report on both, of every level: <c>file(line): level code: message</c>.</param>
public sealed record ParametersFile(string Name, string? Template, IReadOnlyList<string> Diagnostics);

/// <summary>ARM JSON of a module, by its symbol in main.bicep, or of <c>main</c> itself.</summary>
public sealed record ArmTemplate(string Name, JsonElement Body)
{
    public IEnumerable<JsonProperty> Parameters => Members("parameters");

    public IEnumerable<JsonProperty> Outputs => Members("outputs");

    /// <summary>Equal for two uses of one Bicep file.</summary>
    public string Hash => Body.GetProperty("metadata").GetProperty("_generator").GetProperty("templateHash").GetString()!;

    /// <summary>Symbol, empty where the template has none, and declaration.</summary>
    public IEnumerable<(string Symbol, JsonElement Body)> Resources =>
        Body.GetProperty("resources") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(resource => ("", resource))
            : Members("resources").Select(resource => (resource.Name, resource.Value));

    public IEnumerable<JsonProperty> Members(string name) => Body.TryGetProperty(name, out var members) ? members.EnumerateObject() : [];
}

/// <summary>The Bicep files of a folder as their compiler sees them.</summary>
/// <param name="Root">Has <c>infra</c> and <c>tests/Infra/every-parameter.bicepparam</c>.</param>
/// <param name="Diagnostics">Empty when all is well; see <see cref="ParametersFile.Diagnostics"/>.</param>
/// <param name="UnusedFiles">Those that main.bicep does not refer to.</param>
/// <param name="ParameterFiles">Those of <c>infra</c>.</param>
/// <param name="Main">Null when it does not compile; so is what follows.</param>
/// <param name="Resources">What a deployment with every parameter makes.</param>
public sealed record Deployment(
    string Root, IReadOnlyList<string> Diagnostics, IReadOnlyList<string> UnusedFiles, IReadOnlyList<ParametersFile> ParameterFiles,
    string? Main, IReadOnlyList<JsonElement>? Resources)
{
    private const string EveryParameter = "tests/Infra/every-parameter.bicepparam";

    public static string InfraFolder { get; } = Path.Combine(Repository.Root, "infra");

    /// <summary>main.bicep, and the modules that it deploys.</summary>
    public IReadOnlyList<ArmTemplate> Templates
    {
        get
        {
            using var document = JsonDocument.Parse(Main!);
            var main = new ArmTemplate("main", document.RootElement.Clone());
            return
            [
                main,
                .. from resource in main.Resources
                   where resource.Body.GetProperty("type").GetString() == "Microsoft.Resources/deployments"
                   select new ArmTemplate(resource.Symbol, resource.Body.GetProperty("properties").GetProperty("template")),
            ];
        }
    }

    /// <summary>The settings of the app that a deployment with every parameter makes.</summary>
    public IReadOnlyDictionary<string, string> Settings => SettingsIn(Resources!);

    public static IReadOnlyDictionary<string, string> SettingsIn(IEnumerable<JsonElement> resources) =>
        OfType(resources, "Microsoft.Web/sites/config").Single().GetProperty("properties").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);

    public IEnumerable<JsonElement> OfType(string type) => OfType(Resources!, type);

    public static IEnumerable<string> FilesIn(string root) =>
        from path in Directory.EnumerateFiles(Path.Combine(root, "infra"), "*.bicep*", SearchOption.AllDirectories)
        where Path.GetExtension(path) is ".bicep" or ".bicepparam"
        select Path.GetRelativePath(root, path);

    public static async Task<Deployment> CompileAsync(BicepCompiler compiler, string root, CancellationToken cancellationToken)
    {
        var everyParameter = Path.Combine(root, EveryParameter);
        var complete = await compiler.CompileParametersAsync(everyParameter, cancellationToken);
        var parameterFiles = new List<ParametersFile>();
        foreach (var file in FilesIn(root).Where(file => Path.GetExtension(file) == ".bicepparam"))
        {
            parameterFiles.Add(await compiler.CompileParametersAsync(Path.Combine(root, file), cancellationToken));
        }

        var used = await compiler.ReferencesAsync(everyParameter, cancellationToken);
        return new(
            root, [.. parameterFiles.Append(complete).SelectMany(file => file.Diagnostics).Distinct()],
            [.. FilesIn(root).Where(file => Path.GetExtension(file) == ".bicep" && !used.Contains(Path.Combine(root, file)))],
            parameterFiles, complete.Template,
            complete.Template is null ? null : await compiler.PredictAsync(everyParameter, cancellationToken));
    }

    /// <summary>Writes the files, each changed as the rows say, into a folder.</summary>
    /// <returns>The copy of the file that sets every parameter.</returns>
    public static async Task<string> CopyAsync(string folder, IEnumerable<(string File, string Part, string Replacement)> changes)
    {
        foreach (var file in FilesIn(Repository.Root).Concat(["infra/README.md", "infra/bicepconfig.json", EveryParameter]))
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, file));
            foreach (var (_, part, replacement) in changes.Where(change => change.File == file))
            {
                text = text.Contains(part, StringComparison.Ordinal)
                    ? text.Replace(part, replacement, StringComparison.Ordinal)
                    : throw new InvalidOperationException($"{file} has no '{part}'");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        }

        return Path.Combine(folder, EveryParameter);
    }

    private static IEnumerable<JsonElement> OfType(IEnumerable<JsonElement> resources, string type) =>
        resources.Where(resource => resource.GetProperty("type").GetString() == type);
}
