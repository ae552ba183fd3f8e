using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Functions;
using OpenClaw.Functions.Worker;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Worker;

public sealed partial class DeploymentTests
{
    private static readonly string[] Files =
    [
        "host.json", "worker.config.json", "extensions.json", "functions.metadata", "openclaw.dll",
        ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll",
    ];

    [Fact]
    public void Functions_metadata_says_what_the_catalog_says()
    {
        var file = Path.Combine(AppFolder.Repository(), "functions", "functions.metadata");
        var expected = FunctionMetadata.ToJson(GatewayFunctions.Create());
        if (Environment.GetEnvironmentVariable("UPDATE_FUNCTIONS_METADATA") == "1")
        {
            File.WriteAllText(file, expected);
        }

        Assert.True(
            expected == File.ReadAllText(file),
            "functions/functions.metadata is out of date; run this test once with UPDATE_FUNCTIONS_METADATA=1 and commit the file.");
    }

    [Fact]
    public void Every_function_has_a_name_and_a_route_that_the_host_accepts()
    {
        var catalog = GatewayFunctions.Create();
        var names = catalog.Http.Select(f => f.Name).Concat(catalog.Timers.Select(f => f.Name)).ToList();

        Assert.All(names, name => Assert.Matches(FunctionName(), name));
        Assert.DoesNotContain("host", names, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(catalog.Http, f => Assert.DoesNotMatch("^/|^(admin|runtime)", f.Route));
    }

    [Fact]
    public async Task The_build_output_is_an_app_that_the_host_serves()
    {
        var output = AppFolder.OutputOf("functions");
        Assert.All(Files, file => Assert.True(File.Exists(Path.Combine(output, file)), file));
        await using var host = await FunctionsHost.StartAsync();

        await AssertServesAsync(host);
    }

    [Fact]
    public async Task A_publish_is_an_app_that_the_host_serves()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            await DotnetAsync("publish", "functions", "-c", own.Parent!.Name, "--no-build", "-o", folder.FullName);
            Assert.All(Files, file => Assert.True(File.Exists(Path.Combine(folder.FullName, file)), file));
            await using var host = await FunctionsHost.StartAsync(folder: folder.FullName);

            await AssertServesAsync(host);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AssertServesAsync(FunctionsHost host)
    {
        Assert.Contains("\"ok\":true", await host.Client.GetStringAsync("health"), StringComparison.Ordinal);
        using var missing = await host.Client.GetAsync("no/such/path");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var body = JsonDocument.Parse(await missing.Content.ReadAsStringAsync());
        Assert.Equal("not_found", body.RootElement.GetProperty("error").GetProperty("code").GetString());
        using var wrong = await host.Client.PostAsync("health", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["GET", "HEAD"], wrong.Content.Headers.Allow);
        Assert.Equal(0, await host.TerminateAsync());
    }

    private static async Task DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = AppFolder.Repository(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // no process outlives the test
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$")]
    private static partial Regex FunctionName();
}
