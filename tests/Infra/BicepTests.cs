using System.Globalization;
using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Infra;

/// <summary>The Bicep files as their compiler sees them: what it and its linter report, the ARM templates it makes, and the resources
/// that a deployment comes to.</summary>
public sealed partial class BicepTests : IClassFixture<BicepCompiler>
{
    /// <summary>What the compiler or its linter must refuse. A rule that cannot fail shows nothing.</summary>
    private static readonly (string File, string Part, string Replacement, string Violation)[] Refused =
    [
        ("modules/storage.bicep", "location: location", "location location", @"^storage\.bicep\(\d+\): Error BCP"),
        ("modules/budget.bicep", "@2026-06-01", "@2023-11-01", "Warning use-recent-api-versions: .*Microsoft.Consumption/budgets"),
        ("modules/monitoring.bicep", "workspaces@2026-03-01", "workspaces", @"^monitoring\.bicep\(\d+\): Error BCP029"),
        ("modules/roles.bicep", "storageAccounts@2026-06-01", "storageAccounts@2025-01-01",
            "Microsoft.Storage/storageAccounts'. '2025-01-01' is"),
        ("modules/budget.bicep", "amount: amount", "amount: 1", "no-unused-params: .*\"amount\""),
        ("modules/keyvault.bicep", "enableRbacAuthorization:", "enableRbac:", "BCP037: .*\"enableRbac\""),
        ("modules/signalr.bicep", "= signalR.name", "= signalR.listKeys().primaryKey", "outputs-should-not-contain-secrets"),
        ("main.bicep", "'modules/workbook.bicep'", "'modules/dashboard.bicep'", "BCP091: .*dashboard.bicep"),
        ("main.bicep", "'modules/workbook.bicep'", "'modules/dashboard.bicep'", "^infra/modules/workbook.bicep: nothing uses it"),
        ("main.bicep", "units: signalRUnits", "unit: signalRUnits", "Error BCP.*\"unit\" is not allowed"),
        ("main.bicep", "units: signalRUnits", "unit: signalRUnits", "BCP035: .*\"units\""),
        ("main.bicep", "vault.outputs.name", "vault.outputs.uri", "BCP053: .*\"uri\""),
        ("prod.bicepparam", "param budgetAmount", "param budgetSum", "BCP259: .*\"budgetSum\""),
        ("dev.bicepparam", "param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE')", "", "BCP258: .*\"budgetStartDate\""),
    ];

    /// <summary>What compiles, and a rule of ours must refuse.</summary>
    private static readonly (string File, string Part, string Replacement, string Violation)[] Wrong =
    [
        ("dev.bicepparam", "using 'main.bicep'", "using 'modules/identity.bicep'", "^dev.bicepparam: is not for main.bicep"),
        ("modules/keyvault.bicep", "vaults@2026-05-15", "vaults@2026-06-01-preview",
            "Microsoft.KeyVault/vaults: 2026-06-01-preview is a preview"),
        ("modules/keyvault.bicep", "vaults@2026-05-15", "vaults@2026-06-01-preview",
            "Microsoft.KeyVault/vaults: is used in several versions"),
        ("modules/budget.bicep", "@description('USD a month; more than 0.')\n", "", "budget: parameter amount has no description"),
        ("modules/identity.bicep", "output name", "output id string = identity.id\n\n@description('y')\noutput name",
            "identity: output id is not used"),
        ("modules/identity.bicep", "@description('What roles are given to.')\n", "", "identity: output principalId has no description"),
        ("modules/function.bicep", "AzureWebJobsStorage__credential: 'managedidentity'",
            "AzureWebJobsStorage__credential: hostStorage.listKeys().keys[0].value", @"listKeys\( is a key"),
        ("modules/storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess is true"),
        ("modules/roles.bicep", "roleIds.storageTableDataContributor]\n\nresource", "'0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa4']\n\nresource",
            "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa4 belongs into role-ids.bicep"),
        ("modules/roles.bicep", "roleIds.monitoringMetricsPublisher", "roleIds.keyVaultSecretsUser",
            "role monitoringMetricsPublisher: is not used"),
        ("modules/roles.bicep", "roleIds.storageQueueDataContributor, ", "", "nobody is Storage Queue Data Contributor"),
        ("modules/role-ids.bicep", "b7e6dc6d-f1e8", "b7e6dc6d-f1e9", "role storageBlobDataOwner is not in the table"),
        ("README.md", "4633458b-17de", "4633458b-17df", "role 4633458b-17df-.* is given to nobody"),
        ("modules/function.bicep", "OPENCLAW__gateway__publicUrl", "OPENCLAW__gateway__publicUri",
            "OPENCLAW__gateway__publicUri: nobody reads it"),
        ("modules/function.bicep", "DataStorage__credential", "DataStorage__key", "DataStorage__key: nobody reads it"),
        ("modules/function.bicep", "DataStorage__clientId", "WEBSITE_RUN_FROM_PACKAGE",
            "WEBSITE_RUN_FROM_PACKAGE: is not for Flex Consumption"),
        ("modules/function.bicep", "OPENCLAW__gateway__http__endpoints__responses__enabled: 'true'\n", "\n",
            "responses__enabled: is missing"),
        ("modules/function.bicep", "{ OPENCLAW__storage__prefix:", "{ AzureWebJobsStorage__accountName: '', OPENCLAW__storage__prefix:",
            "AzureWebJobsStorage__accountName: is there twice"),
        ("modules/function.bicep", "version: '10.0'", "version: '9.0'", @"runtime\.version is 9\.0"),
        ("modules/function.bicep", "DOTNETISOLATED: '1'", "DOTNETISOLATED: 'true'", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED is true"),
        ("modules/signalr.bicep", "/signalr/upstream/", "/api/signalr/", "upstream is not signalr/upstream/{hub}/{category}/{event}"),
        ("modules/signalr.bicep", "hubPattern: 'openclaw'", "hubPattern: '*'", "the hub is not openclaw"),
        ("main.bicep", "param signalRUpstreamAudience string", "param signalRUpstreamAudience string = 'api://default'",
            "signalRUpstreamAudience is not required"),
        ("main.bicep", "storagePrefix string = 'openclaw'", "storagePrefix string = 'claw'", "storagePrefix has another default"),
        ("main.bicep", "-wakeups'", "-wakeup'", "OPENCLAW_WAKEUP_QUEUE: is not customprefix-wakeups"),
        ("main.bicep", "-wakeups'", "-wakeup'", "/default/customprefix-wakeups: is not made"),
        ("main.bicep", "-poison'", "-failed'", "/default/customprefix-wakeups-poison: is not made"),
        ("main.bicep", "-media/'", "-medium/'", "lifecycle rule: is not for customprefix-media"),
    ];

    private readonly BicepCompiler _compiler;

    public BicepTests(BicepCompiler compiler)
    {
        Assert.SkipUnless(BicepCompiler.IsAvailable, "The packaged Bicep compiler is for Linux x64.");
        _compiler = compiler;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Feature", "D24")]
    public async Task Every_file_compiles_without_a_warning_and_every_rule_holds() => Assert.Empty(BicepRules.Check(await CompileAsync()));

    [Fact]
    public async Task The_templates_are_those_of_real_files()
    {
        var deployment = await CompileAsync();

        Assert.Equal(14, deployment.Templates.Count);
        Assert.Equal(3, deployment.ParameterFiles.Count);
        Assert.True(deployment.Resources!.Count > 40);
        Assert.True(deployment.Settings.Count > 15);
    }

    [Fact]
    public async Task Every_parameter_of_the_deployment_is_in_the_readme()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Deployment.InfraFolder, "README.md"), Cancellation);
        Assert.All(
            (await CompileAsync()).Templates[0].Parameters,
            parameter => Assert.Contains($"| `{parameter.Name}` |", readme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        foreach (var file in Deployment.FilesIn(Repository.Root))
        {
            var path = Path.Combine(Repository.Root, file);
            Assert.Equal(await _compiler.FormatAsync(path, Cancellation), await File.ReadAllTextAsync(path, Cancellation));
        }
    }

    [Fact]
    public Task A_template_that_the_compiler_refuses_fails_the_check() => AllAreNoticedAsync(Refused);

    [Fact]
    public Task A_rule_that_is_broken_is_noticed() => AllAreNoticedAsync(Wrong);

    [Fact]
    public async Task The_placeholder_can_be_switched_off()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-infra-").FullName;
        try
        {
            var parameters = await Deployment.CopyAsync(
                folder, [("tests/Infra/every-parameter.bicepparam", "param owner", "param usePlaceholder = false\nparam owner")]);

            var settings = Deployment.SettingsIn(await _compiler.PredictAsync(parameters, Cancellation));

            Assert.DoesNotContain("WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", settings.Keys);
            Assert.Equal((await CompileAsync()).Settings.Count - 1, settings.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task The_lifecycle_rule_of_media_comes_after_the_gateways_own_expiry()
    {
        var rule = (await CompileAsync()).OfType("Microsoft.Storage/storageAccounts/managementPolicies").Single();
        var days = BicepRules.ValueAt(rule, "properties.policy.rules.0.definition.actions.baseBlob.delete.daysAfterCreationGreaterThan")!;

        Assert.True(int.Parse(days, CultureInfo.InvariantCulture) > TimeSpan.FromSeconds(new MediaSection().MaxTtlSeconds).TotalDays);
    }

    [Fact]
    public async Task The_runbook_says_what_to_do_on_each_alert()
    {
        var deployment = await CompileAsync();
        var alerts = deployment.OfType("Microsoft.Insights/metricAlerts")
            .Concat(deployment.OfType("Microsoft.Insights/scheduledQueryRules"))
            .Select(alert => BicepRules.ValueAt(alert, "name")!);
        var text = await File.ReadAllTextAsync(Path.Combine(Deployment.InfraFolder, "RUNBOOK.md"), Cancellation);
        var runbook = AlertRow().Matches(text).Select(match => match.Groups[1].Value);

        Assert.Equal(alerts.Order(StringComparer.Ordinal), runbook.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Alerts_look_for_lines_that_the_program_logs()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "shared"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(path => LogAttribute().Matches(File.ReadAllText(path))).Select(match => match.Value));
        var deployment = await CompileAsync();
        var workbook = deployment.Templates.Single(template => template.Name == "workbook");
        var charts = workbook.Members("variables").Single(variable => variable.Name == "charts").Value;
        var queries = deployment.OfType("Microsoft.Insights/scheduledQueryRules")
            .Select(alert => BicepRules.ValueAt(alert, "properties.criteria.allOf.0.query")!)
            .Concat(charts.EnumerateArray().Select(chart => BicepRules.ValueAt(chart, "query")!));
        var wanted = queries.SelectMany(query => LogText().Matches(query)).Select(match => match.Groups[1].Value.Trim()).ToList();

        Assert.True(wanted.Count > 8);
        Assert.All(wanted, text => Assert.Contains(text, source, StringComparison.Ordinal));
    }

    private async Task AllAreNoticedAsync((string File, string Part, string Replacement, string Violation)[] breaks)
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-infra-").FullName;
        try
        {
            await Deployment.CopyAsync(folder, breaks.Select(row => ($"infra/{row.File}", row.Part, row.Replacement)).Distinct());

            var violations = BicepRules.Check(await Deployment.CompileAsync(_compiler, folder, Cancellation));

            Assert.All(breaks, row => Assert.Contains(violations, found => Regex.IsMatch(found, row.Violation)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<Deployment> CompileAsync() => _compiler.CompileRepositoryAsync(Cancellation);

    [GeneratedRegex(@"^\| `(openclaw-[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();

    [GeneratedRegex(@"LoggerMessage\([\s\S]*?\)\]")]
    private static partial Regex LogAttribute();

    [GeneratedRegex("message (?:startswith|has) ['\"]([^'\"]+)['\"]")]
    private static partial Regex LogText();
}
