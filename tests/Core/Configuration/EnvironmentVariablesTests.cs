using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Tests.Infra;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>What the program takes from its environment, and what becomes of secrets that did not arrive there.</summary>
public sealed partial class EnvironmentVariablesTests
{
    [Fact]
    public void Every_variable_that_the_code_reads_is_in_the_list()
    {
        var source = string.Concat(((string[])["shared", "functions"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        var constants = typeof(EnvironmentVariables).GetFields().Where(field => field.IsLiteral).Select(
            field => (string)field.GetRawConstantValue()!);

        Assert.All(Read().Matches(source).Select(match => match.Groups[1].Value).Concat(constants), IsListed);
        Assert.Equal(EnvironmentVariables.All.Select(variable => variable.Name).Distinct(), EnvironmentVariables.All.Select(
            variable => variable.Name));

        static void IsListed(string name) =>
            Assert.Contains(EnvironmentVariables.All, variable =>
            variable.Covers(name + (name.EndsWith("__", StringComparison.Ordinal) ? "x" : "")));
    }

    [Fact]
    public async Task Config_environment_prints_the_list()
    {
        var (exitCode, output, _) = await CommandProcess.RunAsync(["config", "environment"]);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            EnvironmentVariables.All.Select(variable => $"{variable.Name} {variable.Purpose}"),
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Regex.Replace(line, "^([^ ]+) +", "$1 ")));
    }

    [Theory]
    [InlineData("OPENCLAW__storage__prefix", true)]
    [InlineData("OPENCLAW__", false)]
    [InlineData("OPENCLAW_GATEWAY_TOKEN", true)]
    [InlineData("OPENCLAW_GATEWAY_TOKENS", false)]
    [InlineData("DataStorage__tableServiceUri", true)]
    [InlineData("DataStorage__accountKey", false)]
    public void A_name_is_covered_or_not(string name, bool covered) =>
        Assert.Equal(covered, EnvironmentVariables.All.Any(variable => variable.Covers(name)));

    [Fact]
    public void The_local_settings_sample_sets_only_variables_that_are_read_and_all_that_a_deployment_needs()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")));
        var names = sample.RootElement.GetProperty("Values").EnumerateObject().Select(value => value.Name).ToList();

        Assert.All(names, name => Assert.True(BicepRules.IsKnown(name), name));
        Assert.Empty(((string[])
        [
            "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "AzureWebJobsStorage", "DataStorage", "OPENCLAW_GATEWAY_TOKEN",
            "OPENCLAW__gateway__http__endpoints__chatCompletions__enabled", "OPENCLAW__gateway__http__endpoints__responses__enabled",
            "OPENCLAW__gateway__http__endpoints__messages__enabled",
        ]).Except(names));
    }

    [Theory]
    [InlineData("OPENCLAW_GATEWAY_TOKEN")]
    [InlineData("OPENCLAW__gateway__auth__password")]
    public void A_secret_that_the_platform_could_not_read_is_an_error_and_never_the_secret(string name)
    {
        var result = TestConfig.Parse("{}", new Dictionary<string, string>
        {
            [name] = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/gateway-token)",
        });

        Assert.Null(result.Config);
        Assert.Equal(
            $"environment variable {name}: The platform could not read the Key Vault secret this refers to: is it there, and may the identity read it?",
            Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void A_reference_to_a_secret_that_did_not_arrive_is_one_to_a_variable_that_is_not_set()
    {
        var result = TestConfig.Parse(
            """{ models: { providers: { openai: { apiKey: "${OPENAI_API_KEY}" } } } }""",
            new Dictionary<string, string> { ["OPENAI_API_KEY"] = "@Microsoft.KeyVault(VaultName=v;SecretName=s)" });

        Assert.Contains("OPENAI_API_KEY, which is not set", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("GetEnvironmentVariable\\(\"([^\"]+)\"|Text\\(read, \"([^\"]+)\"")]
    private static partial Regex Read();
}
