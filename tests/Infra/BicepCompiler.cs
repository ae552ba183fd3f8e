using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Tests.Infra;

/// <summary>The compiler of the package <c>Azure.Bicep.CommandLine</c>, kept running as a JSON-RPC server: Azure's resource types take
/// seconds to load, a compilation after that takes less than one. Not for concurrent calls.</summary>
public sealed class BicepCompiler : IDisposable
{
    private static readonly string? Executable = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "Bicep")?.Value;

    private readonly Lazy<Process> _process = new(Start);
    private Task<Deployment>? _deployment;
    private int _lastId;

    /// <summary>False where the compiler is not packaged: it is for Linux x64.</summary>
    public static bool IsAvailable => Executable is not null;

    /// <summary>The deployment of this repository; compiled once.</summary>
    public Task<Deployment> CompileRepositoryAsync(CancellationToken cancellationToken) =>
        _deployment ??= Deployment.CompileAsync(this, Support.Repository.Root, cancellationToken);

    /// <summary>Compiles and lints a parameters file and its template.</summary>
    public async Task<ParametersFile> CompileParametersAsync(string path, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["path"] = path, ["parameterOverrides"] = new JsonObject() };
        var result = await CallAsync("bicep/compileParams", request, cancellationToken);
        var template = result.TryGetProperty("template", out var text) ? text.GetString() : null;
        return new(Path.GetFileName(path), template, [.. result.GetProperty("diagnostics").EnumerateArray().Select(Describe)]);
    }

    /// <summary>The resources that a deployment with these parameters makes, expressions computed as far as that needs no Azure.</summary>
    public async Task<IReadOnlyList<JsonElement>> PredictAsync(string parametersPath, CancellationToken cancellationToken)
    {
        var target = new JsonObject { ["subscriptionId"] = $"{Guid.Empty}", ["location"] = "westeurope", ["deploymentName"] = "test" };
        var request = new JsonObject { ["path"] = parametersPath, ["metadata"] = target, ["externalInputs"] = new JsonArray() };
        var result = await CallAsync("bicep/getSnapshot", request, cancellationToken);
        return [.. Parse(result.GetProperty("snapshot").GetString()!).GetProperty("predictedResources").EnumerateArray()];
    }

    /// <summary>The file, those it refers to, and those that they refer to.</summary>
    public async Task<IReadOnlyList<string>> ReferencesAsync(string path, CancellationToken cancellationToken) =>
        [.. (await CallAsync("bicep/getFileReferences", new() { ["path"] = path }, cancellationToken))
            .GetProperty("filePaths").EnumerateArray().Select(file => file.GetString()!)];

    /// <returns>The file as the formatter would write it.</returns>
    public async Task<string> FormatAsync(string path, CancellationToken cancellationToken) =>
        (await CallAsync("bicep/format", new() { ["path"] = path }, cancellationToken)).GetProperty("contents").GetString()!;

    public void Dispose()
    {
        if (_process.IsValueCreated)
        {
            _process.Value.Kill();
            _process.Value.Dispose();
        }
    }

    private static Process Start()
    {
        var start = new ProcessStartInfo(Executable!, ["jsonrpc", "--stdio"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in (IEnumerable<(string, string)>)
        [
            // What the parameters files read.
            ("AZURE_ENV_NAME", "test"), ("AZURE_LOCATION", "westeurope"), ("SIGNALR_UPSTREAM_AUDIENCE", $"api://{Guid.Empty}"),
            ("BUDGET_START_DATE", "2030-01-01"), ("OWNER", "tests"), ("ALERT_EMAILS", "owner@example.com"),
            // Nothing listens there: a file that needs a registry of modules does not compile.
            ("HTTPS_PROXY", "http://127.0.0.1:9"), ("HTTP_PROXY", "http://127.0.0.1:9"),
        ])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private async Task<JsonElement> CallAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_lastId, ["method"] = method, ["params"] = parameters };
        var body = Encoding.UTF8.GetBytes(request.ToJsonString());
        var input = _process.Value.StandardInput.BaseStream;
        await input.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), cancellationToken);
        await input.WriteAsync(body, cancellationToken);
        await input.FlushAsync(cancellationToken);

        var answer = Parse(Encoding.UTF8.GetString(await ReadMessageAsync(_process.Value.StandardOutput.BaseStream, cancellationToken)));
        return answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"{method}: {error.GetProperty("message")}")
            : answer.GetProperty("result");
    }

    private static async Task<byte[]> ReadMessageAsync(Stream output, CancellationToken cancellationToken)
    {
        var header = new StringBuilder();
        var next = new byte[1];
        while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await output.ReadExactlyAsync(next, cancellationToken);
            header.Append((char)next[0]);
        }

        var length = header.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var body = new byte[int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture)];
        await output.ReadExactlyAsync(body, cancellationToken);
        return body;
    }

    private static string Describe(JsonElement diagnostic)
    {
        var line = diagnostic.GetProperty("range").GetProperty("start").GetProperty("line").GetInt32() + 1;
        return $"{Path.GetFileName(diagnostic.GetProperty("source").GetString())}({line}): {diagnostic.GetProperty("level")} "
            + $"{diagnostic.GetProperty("code")}: {diagnostic.GetProperty("message")}";
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
