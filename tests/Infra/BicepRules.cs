using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Realtime;

namespace OpenClaw.Tests.Infra;

/// <summary>What must be true of the deployment. Each rule names its violations; none means that it holds.</summary>
public static partial class BicepRules
{
    /// <summary>Types whose newest stable version is older than 2023.</summary>
    private static readonly Dictionary<string, string> NewestStable = new()
    {
        ["Microsoft.Authorization/roleAssignments"] = "2022-04-01",
        ["Microsoft.Authorization/locks"] = "2020-05-01",
        ["Microsoft.Insights/components"] = "2020-02-02",
        ["Microsoft.Insights/metricAlerts"] = "2018-03-01",
        ["Microsoft.Insights/webtests"] = "2022-06-15",
    };

    /// <summary>Settings that the platform and the Functions host read, not the program.</summary>
    public static readonly string[] PlatformSettings =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    /// <summary>Settings that Flex Consumption refuses or ignores.</summary>
    private static readonly string[] RefusedSettings =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME_VERSION", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE", "SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD",
        "AzureWebJobsStorage", "DataStorage",
    ];

    private static readonly string[] NeededSettings =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "DataStorage__accountName", "DataStorage__clientId",
        EnvironmentVariables.GatewayToken, "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
        "OPENCLAW__gateway__http__endpoints__chatCompletions__enabled", "OPENCLAW__gateway__http__endpoints__responses__enabled",
    ];

    private static readonly string[] NeededText =
    [
        "storage.bicep: allowSharedKeyAccess: false", "storage.bicep: allowBlobPublicAccess: false", "storage.bicep: minimumTlsVersion: 'TLS1_2'",
        "storage.bicep: daysAfterCreationGreaterThan: 8", "signalr.bicep: disableLocalAuth: true", "signalr.bicep: value: 'Serverless'",
        "keyvault.bicep: enableRbacAuthorization: true", "monitoring.bicep: DisableLocalAuth: true", "function.bicep: httpsOnly: true",
        "function.bicep: WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: '0'", "function.bicep: zoneRedundant: zoneRedundant",
        "function.bicep: OPENCLAW_GATEWAY_TOKEN: '@Microsoft.KeyVault(SecretUri=",
    ];

    public static IReadOnlyList<string> Check(BicepFacts facts) =>
        [.. Syntax(facts), .. Versions(facts), .. Parameters(facts), .. Modules(facts), .. Outputs(facts), .. Secrets(facts), .. Settings(facts),
            .. SignalR(facts), .. ParameterFiles(facts), .. Roles(facts), .. Hardening(facts)];

    private static IEnumerable<string> Syntax(BicepFacts facts) =>
        from file in facts.Files from error in file.Errors select $"{file.Name}: {error}";

    private static IEnumerable<string> Versions(BicepFacts facts)
    {
        foreach (var resource in facts.Templates.SelectMany(file => file.Resources))
        {
            var isRecent = resource.Version is { } version
                && (string.CompareOrdinal(version, "2023") > 0 || NewestStable.GetValueOrDefault(resource.Type) == version);
            if (!isRecent || resource.Version!.Contains("preview", StringComparison.Ordinal))
            {
                yield return $"{resource.Type}: version {resource.Version ?? "none"} is not recent and stable";
            }
        }

        foreach (var type in facts.Templates.SelectMany(file => file.Resources).GroupBy(resource => resource.Type))
        {
            if (type.Select(resource => resource.Version).Distinct().Count() > 1)
            {
                yield return $"{type.Key}: is used in several versions";
            }
        }
    }

    private static IEnumerable<string> Parameters(BicepFacts facts)
    {
        foreach (var file in facts.Templates)
        {
            foreach (var parameter in file.Params)
            {
                if (string.IsNullOrWhiteSpace(parameter.Description))
                {
                    yield return $"{file.Name}: parameter {parameter.Name} has no description";
                }

                if (parameter.Uses == 0)
                {
                    yield return $"{file.Name}: parameter {parameter.Name} is not used";
                }
            }
        }
    }

    private static IEnumerable<string> Modules(BicepFacts facts)
    {
        foreach (var module in facts.Main.Modules)
        {
            if (facts.Files.SingleOrDefault(file => file.Name == module.Path) is not { } file)
            {
                yield return $"main.bicep: module {module.Path} does not exist";
                continue;
            }

            foreach (var name in module.Params.Except(file.Params.Select(parameter => parameter.Name)))
            {
                yield return $"main.bicep: {module.Path} has no parameter {name}";
            }

            foreach (var missing in file.Params.Where(parameter => parameter.IsRequired && !module.Params.Contains(parameter.Name)))
            {
                yield return $"main.bicep: {module.Path} is not given {missing.Name}";
            }
        }

        foreach (var file in facts.Templates.Where(file => file != facts.Main && facts.Main.Modules.All(module => module.Path != file.Name)))
        {
            if (!facts.Templates.Any(other => facts.TextOf(other.Name).Contains($"from '{Path.GetFileName(file.Name)}'", StringComparison.Ordinal)))
            {
                yield return $"{file.Name}: nothing uses it";
            }
        }
    }

    private static IEnumerable<string> Outputs(BicepFacts facts)
    {
        var used = OutputUse().Matches(facts.TextOf("main.bicep")).Select(match => (Symbol: match.Groups[1].Value, Output: match.Groups[2].Value)).ToHashSet();
        var modules = facts.Main.Modules.ToLookup(module => module.Path, module => module.Symbol);
        foreach (var file in facts.Templates)
        {
            foreach (var output in file.Outputs)
            {
                if (string.IsNullOrWhiteSpace(output.Description))
                {
                    yield return $"{file.Name}: output {output.Name} has no description";
                }

                if (file != facts.Main && !modules[file.Name].Any(symbol => used.Contains((symbol, output.Name))))
                {
                    yield return $"{file.Name}: output {output.Name} is not used";
                }
            }
        }

        foreach (var (symbol, output) in used)
        {
            var path = facts.Main.Modules.SingleOrDefault(module => module.Symbol == symbol)?.Path;
            if (facts.Files.SingleOrDefault(file => file.Name == path)?.Outputs.Any(known => known.Name == output) != true)
            {
                yield return $"main.bicep: {symbol} has no output {output}";
            }
        }
    }

    /// <summary>No key is asked for anywhere, and what is secret does not leave a deployment.</summary>
    private static IEnumerable<string> Secrets(BicepFacts facts)
    {
        foreach (var file in facts.Files)
        {
            foreach (Match match in KeyUse().Matches(facts.TextOf(file.Name)))
            {
                yield return $"{file.Name}: {match.Value} is a key";
            }

            var secure = file.Params.Where(parameter => parameter.IsSecure).Select(parameter => parameter.Name).ToList();
            foreach (var output in file.Outputs.Where(output => secure.Any(name => Regex.IsMatch(output.Text, $@"\b{name}\b"))))
            {
                yield return $"{file.Name}: output {output.Name} is secret";
            }
        }
    }

    private static IEnumerable<string> Settings(BicepFacts facts)
    {
        var settings = facts.File("modules/function.bicep").Settings;
        return settings.Where(name => !IsKnown(name)).Select(name => $"setting {name}: nobody reads it")
            .Concat(settings.Intersect(RefusedSettings).Select(name => $"setting {name}: is not for Flex Consumption, or holds a key"))
            .Concat(NeededSettings.Except(settings).Select(name => $"setting {name}: is missing"))
            .Concat(settings.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => $"setting {same.Key}: is there twice"));
    }

    /// <summary>Whether the program or the platform reads a setting of this name, and its path of keys is one the program has.</summary>
    public static bool IsKnown(string setting)
    {
        if (PlatformSettings.Contains(setting))
        {
            return true;
        }

        if (!setting.StartsWith(EnvironmentVariables.KeyPrefix, StringComparison.Ordinal))
        {
            return EnvironmentVariables.All.Any(variable => variable.Covers(setting));
        }

        // Which keys there are the program knows best: a key that is unknown is an error, a value of the wrong type is another.
        var problems = ConfigLoader.Parse("{}", new Dictionary<string, string> { [setting] = "{}" }).Errors;
        return !problems.Any(problem => problem.Message.Contains("is not a known key", StringComparison.Ordinal));
    }

    private static IEnumerable<string> SignalR(BicepFacts facts)
    {
        var text = facts.TextOf("modules/signalr.bicep");
        if (!text.Contains($"urlTemplate: 'https://${{hostName}}/{SignalRUpstream.Route}'", StringComparison.Ordinal))
        {
            yield return $"modules/signalr.bicep: upstream is not {SignalRUpstream.Route}";
        }

        if (!text.Contains($"hubPattern: '{SignalRUpstream.Hub}'", StringComparison.Ordinal))
        {
            yield return $"modules/signalr.bicep: the hub is not {SignalRUpstream.Hub}";
        }

        if (!facts.Main.Params.Any(parameter => parameter is { Name: "signalRUpstreamAudience", IsRequired: true }))
        {
            yield return "main.bicep: signalRUpstreamAudience is not required";
        }
    }

    private static IEnumerable<string> ParameterFiles(BicepFacts facts)
    {
        foreach (var file in facts.Files.Where(file => file.Using is not null))
        {
            if (file.Using != "main.bicep")
            {
                yield return $"{file.Name}: uses {file.Using}";
            }

            foreach (var name in file.Assigned.Except(facts.Main.Params.Select(parameter => parameter.Name)))
            {
                yield return $"{file.Name}: there is no parameter {name}";
            }

            foreach (var missing in facts.Main.Params.Where(parameter => parameter.IsRequired && !file.Assigned.Contains(parameter.Name)))
            {
                yield return $"{file.Name}: does not set {missing.Name}";
            }
        }
    }

    /// <summary>The roles given are those of the table in infra/README.md, and no other id is written anywhere.</summary>
    private static IEnumerable<string> Roles(BicepFacts facts)
    {
        var roles = RoleId().Matches(facts.TextOf("modules/role-ids.bicep")).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var table = File.ReadAllLines(Path.Combine(facts.Folder, "README.md"))
            .Where(line => line.StartsWith('|')).SelectMany(line => Guid().Matches(line).Select(match => match.Value)).ToHashSet();
        var templates = string.Concat(facts.Templates.Where(file => file.Name != "modules/role-ids.bicep").Select(file => facts.TextOf(file.Name)));
        return roles.Where(role => !table.Contains(role.Value)).Select(role => $"README.md: role {role.Key} is not in the table")
            .Concat(table.Except(roles.Values).Select(id => $"README.md: role {id} is given to nobody"))
            .Concat(roles.Where(role => !templates.Contains($"roleIds.{role.Key}", StringComparison.Ordinal)).Select(role => $"role {role.Key}: is not used"))
            .Concat(Guid().Matches(templates).Select(match => $"{match.Value} belongs into role-ids.bicep"));
    }

    private static IEnumerable<string> Hardening(BicepFacts facts) =>
        from needed in NeededText
        let file = "modules/" + needed.Split(": ", 2)[0]
        where !facts.TextOf(file).Contains(needed.Split(": ", 2)[1], StringComparison.Ordinal)
        select $"{file}: without {needed.Split(": ", 2)[1]}";

    [GeneratedRegex(@"(\w+)!?\.outputs\.(\w+)")]
    private static partial Regex OutputUse();

    [GeneratedRegex(@"\blist(Keys|AccountSas|ServiceSas|Credentials|AdminKeys|Secrets)?\(|\bprimary(Key|ConnectionString)\b|AccountKey=|\bsecondaryKey\b")]
    private static partial Regex KeyUse();

    [GeneratedRegex(@"(\w+): '([0-9a-f]{8}-[0-9a-f-]{27})'")]
    private static partial Regex RoleId();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Guid();
}
