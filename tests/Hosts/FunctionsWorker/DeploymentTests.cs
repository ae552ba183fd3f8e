using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Functions;
using OpenClaw.Runs.Durable;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed partial class DeploymentTests
{
    private static readonly string[] Files =
    [
        "host.json", "worker.config.json", "extensions.json", "functions.metadata", "openclaw.dll",
        ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll",
        ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll",
    ];

    /// <summary>The packages read the attributes at build time, the catalog when it is made: a trigger that is missing in one of them
    /// would be served by one host only.</summary>
    [Fact]
    public void The_catalog_lists_the_functions_that_the_build_found()
    {
        var catalog = GatewayFunctions.Create();
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppFolder.OutputOf("functions"), "functions.metadata")));

        Assert.Equal(
            metadata.RootElement.EnumerateArray().Select(static f => f.GetProperty("name").GetString()!).Order(StringComparer.Ordinal),
            Names(catalog).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_function_has_a_name_and_a_route_that_the_host_accepts()
    {
        var catalog = GatewayFunctions.Create();
        var names = Names(catalog).ToList();

        Assert.All(names, name => Assert.Matches(FunctionName(), name));
        Assert.DoesNotContain("host", names, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(catalog.Http, f => Assert.DoesNotMatch("^/|^(admin|runtime)", f.Route));
    }

    [Fact]
    public void The_build_output_is_a_folder_for_func_start()
    {
        var output = AppFolder.OutputOf("functions");
        Assert.All(Files.Append("local.settings.json"), file => Assert.True(File.Exists(Path.Combine(output, file)), file));
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppFolder.Repository(), "local.settings.sample.json")));
        var values = settings.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(
            static v => v.Name, static v => v.Value.GetString()!);

        Assert.Equal("dotnet-isolated", values["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Equal("UseDevelopmentStorage=true", values["DataStorage"]);
        Assert.Equal(WakeUps.QueueNameOf(values["OPENCLAW__storage__prefix"]), values[WakeUps.QueueSetting]);
    }

    [Fact]
    public void The_host_and_the_poller_treat_messages_alike()
    {
        var queues = AppFolder.Read(AppFolder.OutputOf("functions")).Queues;

        Assert.Equal((WakeUps.MaxDeliveries, WakeUps.RetryDelay, WakeUps.PollInterval), (
            queues.MaxDequeueCount, queues.VisibilityTimeout, queues.MaxPollingInterval));
        Assert.Equal("base64", queues.MessageEncoding);
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
            Assert.False(File.Exists(Path.Combine(folder.FullName, "local.settings.json")));
            await using var host = await FunctionsHost.StartAsync(folder: folder.FullName);

            await AssertServesAsync(host);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Names(FunctionCatalog catalog) => [
        .. catalog.Http.Select(static f => f.Name), .. catalog.Timers.Select(static f => f.Name), .. catalog.Queues.Select(
            static f => f.Name)];

    private static async Task AssertServesAsync(FunctionsHost host)
    {
        Assert.Contains("\"ok\":true", await host.Client.GetStringAsync("health"), StringComparison.Ordinal);
        using var missing = await host.Client.GetAsync("no/such/path");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var body = JsonDocument.Parse(await missing.Content.ReadAsStringAsync());
        Assert.Equal("not_found", body.RootElement.GetProperty("error").GetProperty("code").GetString());
        using var wrong = await host.Client.PostAsync("health", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], wrong.Content.Headers.Allow);
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
