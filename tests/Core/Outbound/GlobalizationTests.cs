using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>The gateway runs without the tables of ICU; a build that has them reads names differently and must decide the same.</summary>
public class GlobalizationTests
{
    /// <summary>The variable that names the mode that the other process must run in.</summary>
    public const string Expected = "OPENCLAW_TEST_GLOBALIZATION";

    [Fact]
    [Trait("Feature", "F60")]
    public async Task The_table_holds_in_the_other_globalization_mode_too()
    {
        var assembly = typeof(GlobalizationTests).Assembly.Location;
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(assembly, "runtimeconfig.json")))!;
        settings["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"] = false;
        var folder = Directory.CreateTempSubdirectory("openclaw-icu-");
        try
        {
            var runtime = Path.Combine(folder.FullName, "runtimeconfig.json");
            await File.WriteAllTextAsync(runtime, settings.ToJsonString());
            var start = new ProcessStartInfo(
                Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
            {
                ArgumentList =
                {
                    "exec", "--runtimeconfig", runtime, "--depsfile", Path.ChangeExtension(assembly, "deps.json"), assembly,
                    "-class", typeof(SsrfTableTests).FullName!, "-class", typeof(OutboundUrlTests).FullName!, "-noColor",
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[Expected] = "icu";
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(output.Contains("Couldn't find a valid ICU package", StringComparison.Ordinal), "This machine has no ICU.");

            Assert.True(process.ExitCode == 0, output);
            Assert.DoesNotContain("Total: 0", output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
