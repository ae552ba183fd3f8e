using System.Globalization;
using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Infra;

/// <summary>The Bicep files as far as their text shows. What their own compiler says is in <c>.github/workflows/infra.yml</c>.</summary>
public sealed partial class BicepTests
{
    [Fact]
    [Trait("Feature", "D24")]
    public async Task Every_rule_holds() => Assert.Empty(BicepRules.Check(await ReadAsync()));

    [Fact]
    public async Task The_facts_are_those_of_real_files()
    {
        var facts = await ReadAsync();

        Assert.True(facts.Templates.Sum(file => file.Resources.Count) > 40);
        Assert.True(facts.Main.Params.Count > 20);
        Assert.Equal(3, facts.Files.Count(file => file.Using is not null));
        Assert.Contains(facts.File("modules/function.bicep").Resources, r => r.Type == "Microsoft.Web/sites/basicPublishingCredentialsPolicies" && r.Version is not null);
    }

    [Fact]
    [Trait("Feature", "R12")]
    public void The_lifecycle_rule_of_media_comes_after_the_gateways_own_expiry()
    {
        var storage = File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "storage.bicep"));
        var days = int.Parse(LifecycleDays().Match(storage).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromDays(days) > TimeSpan.FromSeconds(new MediaSection().MaxTtlSeconds));
        Assert.Contains(
            $"expiringPrefix: '{new StorageSection().Prefix}-{OpenClaw.Media.MediaStore.ContainerName}/'",
            File.ReadAllText(Path.Combine(Repository.Root, "infra", "main.bicep")), StringComparison.Ordinal);
    }

    /// <summary>A rule that cannot fail shows nothing: each of these breaks a copy and must be named.</summary>
    [Theory]
    [InlineData("modules/storage.bicep", "location: location", "location location", "modules/storage.bicep: ")]
    [InlineData("modules/budget.bicep", "@2023-11-01", "@2021-10-01", "Microsoft.Consumption/budgets: version 2021-10-01")]
    [InlineData("modules/budget.bicep", "@2023-11-01", "", "Microsoft.Consumption/budgets: version none")]
    [InlineData("modules/roles.bicep", "storageAccounts@2025-01-01", "storageAccounts@2024-01-01", "is used in several versions")]
    [InlineData("modules/budget.bicep", "@description('USD a month.')\n", "", "parameter amount has no description")]
    [InlineData("modules/budget.bicep", "amount: amount", "amount: 1", "parameter amount is not used")]
    [InlineData("main.bicep", "'modules/workbook.bicep'", "'modules/dashboard.bicep'", "module modules/dashboard.bicep does not exist")]
    [InlineData("main.bicep", "units: signalRUnits", "unit: signalRUnits", "modules/signalr.bicep has no parameter unit")]
    [InlineData("main.bicep", "units: signalRUnits", "", "modules/signalr.bicep is not given units")]
    [InlineData("main.bicep", "vault.outputs.name", "vault.outputs.uri", "vault has no output uri")]
    [InlineData("modules/identity.bicep", "output name", "@description('x')\noutput id string = identity.id\n\n@description('y')\noutput name", "output id is not used")]
    [InlineData("modules/storage.bicep", "= account.name", "= account.listKeys().keys[0].value", "listKeys( is a key")]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "without allowSharedKeyAccess: false")]
    [InlineData("modules/roles.bicep", "roleIds.storageTableDataContributor]\n\nresource", "'0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa4']\n\nresource", "belongs into role-ids.bicep")]
    [InlineData("modules/role-ids.bicep", "b7e6dc6d-f1e8", "b7e6dc6d-f1e9", "role storageBlobDataOwner is not in the table")]
    [InlineData("README.md", "4633458b-17de", "4633458b-17df", "is given to nobody")]
    [InlineData("modules/function.bicep", "OPENCLAW__gateway__publicUrl", "OPENCLAW__gateway__publicUri", "OPENCLAW__gateway__publicUri: nobody reads it")]
    [InlineData("modules/function.bicep", "DataStorage__credential", "DataStorage__key", "DataStorage__key: nobody reads it")]
    [InlineData("modules/function.bicep", "DataStorage__credential", "WEBSITE_RUN_FROM_PACKAGE", "is not for Flex Consumption")]
    [InlineData("modules/function.bicep", "OPENCLAW__gateway__http__endpoints__responses__enabled: 'true'\n", "\n", "responses__enabled: is missing")]
    [InlineData("modules/signalr.bicep", "/signalr/upstream/", "/api/signalr/", "upstream is not signalr/upstream/{hub}/{category}/{event}")]
    [InlineData("main.bicep", "param signalRUpstreamAudience string", "param signalRUpstreamAudience string = 'api://x'", "signalRUpstreamAudience is not required")]
    [InlineData("prod.bicepparam", "param budgetAmount", "param budgetSum", "there is no parameter budgetSum")]
    [InlineData("dev.bicepparam", "param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE')", "", "dev.bicepparam: does not set budgetStartDate")]
    public async Task A_rule_that_is_broken_is_noticed(string file, string part, string replacement, string violation)
    {
        var copy = Directory.CreateTempSubdirectory("openclaw-infra-").FullName;
        try
        {
            foreach (var name in (await ReadAsync()).Files.Select(known => known.Name).Append("README.md"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, name))!);
                File.Copy(Path.Combine(BicepFacts.InfraFolder, name), Path.Combine(copy, name));
            }

            var path = Path.Combine(copy, file);
            var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            Assert.Contains(part, text, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, text.Replace(part, replacement, StringComparison.Ordinal), TestContext.Current.CancellationToken);

            var violations = BicepRules.Check(await BicepFacts.ReadAsync(copy, TestContext.Current.CancellationToken));

            Assert.Contains(violations, found => found.Contains(violation, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Every_parameter_of_the_deployment_is_in_the_readme()
    {
        var readme = (await ReadAsync()).TextOf("README.md");
        Assert.All((await ReadAsync()).Main.Params, parameter => Assert.Contains($"| `{parameter.Name}` |", readme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_runbook_says_what_to_do_on_each_alert()
    {
        var facts = await ReadAsync();
        var alerts = AlertName().Matches(facts.TextOf("modules/alerts.bicep")).Select(match => match.Groups[1].Value).Except(["openclaw-readyz"]);
        var runbook = AlertRow().Matches(facts.TextOf("RUNBOOK.md")).Select(match => match.Groups[1].Value);

        Assert.Equal(alerts.Order(StringComparer.Ordinal), runbook.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Alerts_look_for_lines_that_the_program_logs()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "shared"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).SelectMany(File.ReadLines).Where(line => line.Contains("LoggerMessage(", StringComparison.Ordinal)));
        var facts = await ReadAsync();
        var wanted = LogText().Matches(facts.TextOf("modules/alerts.bicep") + facts.TextOf("modules/workbook.bicep")).Select(match => match.Groups[1].Value.Trim()).ToList();

        Assert.True(wanted.Count > 8);
        Assert.All(wanted, text => Assert.Contains(text, source, StringComparison.Ordinal));
    }

    private static Task<BicepFacts> ReadAsync() => BicepFacts.ReadAsync(BicepFacts.InfraFolder, TestContext.Current.CancellationToken);

    [GeneratedRegex(@"daysAfterCreationGreaterThan: (\d+)")]
    private static partial Regex LifecycleDays();

    [GeneratedRegex("name: '(openclaw-[a-z-]+)'")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\| `(openclaw-[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();

    [GeneratedRegex("message (?:startswith|has) ['\"]([^'\"]+)['\"]")]
    private static partial Regex LogText();
}
