using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Realtime;
using OpenClaw.Media.Files;
using OpenClaw.Runs.Durable;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Infra;

/// <summary>What must be true of the deployment. Each rule names its violations; none means that it holds.</summary>
public static partial class BicepRules
{
    /// <summary>Settings that the platform and the Functions host read, not the program.</summary>
    public static readonly string[] PlatformSettings =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", "OPENCLAW_WAKEUP_QUEUE",
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
        EnvironmentVariables.GatewayToken, "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
        "OPENCLAW__gateway__http__endpoints__chatCompletions__enabled", "OPENCLAW__gateway__http__endpoints__responses__enabled",
        "OPENCLAW__gateway__http__endpoints__messages__enabled", "AzureSignalRConnectionString__serviceUri",
        "OPENCLAW__gateway__realtime__upstream__audience", "OPENCLAW__gateway__realtime__upstream__identity",
    ];

    /// <summary>Every resource of the type has at the path what the pattern matches.</summary>
    private static readonly (string Type, string Path, string Pattern)[] Hardening =
    [
        ("Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", "^false$"),
        ("Microsoft.Storage/storageAccounts", "properties.allowBlobPublicAccess", "^false$"),
        ("Microsoft.Storage/storageAccounts", "properties.minimumTlsVersion", "^TLS1_2$"),
        ("Microsoft.SignalRService/signalR", "properties.disableLocalAuth", "^true$"),
        ("Microsoft.SignalRService/signalR", "properties.features.0.value", "^Serverless$"),
        ("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", "^true$"),
        ("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", "^true$"),
        ("Microsoft.Insights/components", "properties.DisableLocalAuth", "^true$"),
        ("Microsoft.Web/serverfarms", "properties.zoneRedundant", "^true$"),
        ("Microsoft.Web/sites", "properties.httpsOnly", "^true$"),
        ("Microsoft.Web/sites", "properties.functionAppConfig.runtime.name", "^dotnet-isolated$"),
        ("Microsoft.Web/sites", "properties.functionAppConfig.runtime.version", $@"^{Environment.Version.Major}\.0$"),
        ("Microsoft.Web/sites/config", "properties.WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", "^1$"),
        ("Microsoft.Web/sites/config", "properties.AzureWebJobsStorage__credential", "^managedidentity$"),
        ("Microsoft.Web/sites/config", "properties.DataStorage__credential", "^managedidentity$"),
        ("Microsoft.Web/sites/config", "properties.OPENCLAW_GATEWAY_TOKEN", @"@Microsoft\.KeyVault\(SecretUri=.*gateway-token"),
        ("Microsoft.Web/sites/config", "properties.OPENAI_API_KEY", @"@Microsoft\.KeyVault\(SecretUri=.*openai-api-key"),
    ];

    public static IReadOnlyList<string> Check(Deployment deployment) => deployment.Main is null
        ? [.. deployment.Diagnostics, .. Files(deployment)]
        : [.. deployment.Diagnostics, .. Files(deployment), .. Versions(deployment), .. Descriptions(deployment), .. Outputs(deployment),
            .. Secrets(deployment), .. Settings(deployment), .. SignalR(deployment), .. Queue(deployment), .. Roles(deployment),
            .. Hardened(deployment)];

    private static IEnumerable<string> Files(Deployment deployment) => deployment.UnusedFiles
        .Select(file => $"{file}: nothing uses it")
        .Concat(from file in deployment.ParameterFiles where file.Template != deployment.Main select $"{file.Name}: is not for main.bicep");

    /// <summary>That they are recent is for the linter.</summary>
    private static IEnumerable<string> Versions(Deployment deployment)
    {
        var used = deployment.Templates.SelectMany(template => template.Resources).Select(resource => resource.Body)
            .ToLookup(resource => resource.GetProperty("type").GetString()!, resource => resource.GetProperty("apiVersion").GetString()!);
        return used.Where(type => type.Distinct().Count() > 1).Select(type => $"{type.Key}: is used in several versions")
            .Concat(
                from type in used
                from version in type
                where version.Contains("preview", StringComparison.Ordinal)
                select $"{type.Key}: {version} is a preview");
    }

    private static IEnumerable<string> Descriptions(Deployment deployment) =>
        from template in deployment.Templates
        from declared in template.Parameters.Select(parameter => (Kind: "parameter", Member: parameter))
            .Concat(template.Outputs.Select(output => (Kind: "output", Member: output)))
        where ValueAt(declared.Member.Value, "metadata.description") is null or ""
        select $"{template.Name}: {declared.Kind} {declared.Member.Name} has no description";

    private static IEnumerable<string> Outputs(Deployment deployment) =>
        from uses in deployment.Templates.Where(template => template.Name != "main").GroupBy(template => template.Hash)
        from output in uses.First().Outputs
        let references = uses.Select(module => $"reference('{module.Name}').outputs.{output.Name}.value")
        where !references.Any(deployment.Main!.Contains)
        select $"{uses.First().Name}: output {output.Name} is not used";

    /// <summary>No key is asked for anywhere, and what is secret does not leave a deployment.</summary>
    private static IEnumerable<string> Secrets(Deployment deployment)
    {
        foreach (Match match in KeyUse().Matches(deployment.Main!))
        {
            yield return $"{match.Value} is a key";
        }

        foreach (var template in deployment.Templates)
        {
            var secure = from parameter in template.Parameters where IsSecure(parameter.Value) select $"parameters('{parameter.Name}')";
            foreach (var output in template.Outputs.Where(output => IsSecure(output.Value) || secure.Any(output.Value.ToString().Contains)))
            {
                yield return $"{template.Name}: output {output.Name} is secret";
            }
        }
    }

    private static bool IsSecure(JsonElement declared) =>
        declared.GetProperty("type").GetString()!.StartsWith("secure", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Settings(Deployment deployment)
    {
        var settings = deployment.Settings.Keys;
        // Evaluated, a setting is there once. Where it is written, a second one would win silently.
        var written = deployment.Templates.Single(template => template.Name == "app").Resources
            .Single(resource => ValueAt(resource.Body, "type") == "Microsoft.Web/sites/config").Body.GetProperty("properties").ToString();
        return settings.Where(name => !IsKnown(name)).Select(name => $"setting {name}: nobody reads it")
            .Concat(settings.Intersect(RefusedSettings).Select(name => $"setting {name}: is not for Flex Consumption, or holds a key"))
            .Concat(NeededSettings.Except(settings).Select(name => $"setting {name}: is missing"))
            .Concat(settings.Where(name => written.Split($"'{name}'").Length > 2).Select(name => $"setting {name}: is there twice"));
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
        var problems = TestConfig.Parse("{}", new Dictionary<string, string> { [setting] = "{}" }).Errors;
        return !problems.Any(problem => problem.Message.Contains("is not a known key", StringComparison.Ordinal));
    }

    private static IEnumerable<string> SignalR(Deployment deployment)
    {
        var upstream = deployment.OfType("Microsoft.SignalRService/signalR").Single();
        // An expression writes a brace of the text twice.
        var route = SignalRUpstream.Route.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        var url = ValueAt(upstream, "properties.upstream.templates.0.urlTemplate")!;
        if (!url.StartsWith($"[format('https://{{0}}/{route}', ", StringComparison.Ordinal))
        {
            yield return $"SignalR: upstream is not {SignalRUpstream.Route}";
        }

        if (ValueAt(upstream, "properties.upstream.templates.0.hubPattern") != SignalRUpstream.Hub)
        {
            yield return $"SignalR: the hub is not {SignalRUpstream.Hub}";
        }

        if (ValueAt(upstream, "properties.upstream.templates.0.auth.type") != "ManagedIdentity")
        {
            yield return "SignalR: upstream is called without a token";
        }

        var audience = deployment.Templates[0].Parameters.Single(parameter => parameter.Name == "signalRUpstreamAudience").Value;
        if (audience.TryGetProperty("defaultValue", out _) || audience.TryGetProperty("nullable", out _))
        {
            yield return "main: signalRUpstreamAudience is not required";
        }
    }

    /// <summary>The queue trigger listens to the queue that the gateway writes to, of the account that is the gateway's, and may.</summary>
    private static IEnumerable<string> Queue(Deployment deployment)
    {
        var prefix = deployment.Settings["OPENCLAW__storage__prefix"];
        var queue = $"{prefix}-{WakeUps.QueueName}";
        if (deployment.Settings["OPENCLAW_WAKEUP_QUEUE"] != queue)
        {
            yield return $"setting OPENCLAW_WAKEUP_QUEUE: is not {queue}";
        }

        var account = deployment.Settings.GetValueOrDefault("DataStorage__accountName");
        var made = deployment.OfType("Microsoft.Storage/storageAccounts/queueServices/queues").Select(made => ValueAt(made, "name"));
        foreach (var name in (string[])[$"{account}/default/{queue}", $"{account}/default/{queue}-poison"])
        {
            if (!made.Contains(name))
            {
                yield return $"queue {name}: is not made";
            }
        }

        if (!deployment.OfType("Microsoft.Authorization/roleAssignments").Any(role =>
            ValueAt(role, "id")!.Contains($"/storageAccounts/{account}'", StringComparison.Ordinal)
            && ValueAt(role, "properties.roleDefinitionId")!.EndsWith("/974c5e8b-45b9-4653-ba55-5f855dd0fb88", StringComparison.Ordinal)))
        {
            yield return $"{account}: nobody is Storage Queue Data Contributor";
        }

        if (ValueAt(deployment.Templates[0].Body, "parameters.storagePrefix.defaultValue") != new StorageSection().Prefix)
        {
            yield return "main: storagePrefix has another default than storage.prefix";
        }

        var media = deployment.OfType("Microsoft.Storage/storageAccounts/managementPolicies").Single();
        if (ValueAt(media, "properties.policy.rules.0.definition.filters.prefixMatch.0") != $"{prefix}-{MediaStore.ContainerName}/")
        {
            yield return $"lifecycle rule: is not for {prefix}-{MediaStore.ContainerName}";
        }
    }

    /// <summary>The roles given are those of the table in infra/README.md, and no other id is written anywhere.</summary>
    private static IEnumerable<string> Roles(Deployment deployment)
    {
        var named = deployment.Templates.SelectMany(template => template.Members("variables")).Where(variable => variable.Name == "roleIds")
            .SelectMany(variable => variable.Value.EnumerateObject()).DistinctBy(role => role.Name)
            .ToDictionary(role => role.Name, role => role.Value.GetString()!);
        var given = deployment.OfType("Microsoft.Authorization/roleAssignments")
            .Select(role => ValueAt(role, "properties.roleDefinitionId")!.Split('/')[^1]).ToHashSet();
        var table = File.ReadAllLines(Path.Combine(deployment.Root, "infra", "README.md"))
            .Where(line => line.StartsWith('|')).SelectMany(line => Guid().Matches(line).Select(match => match.Value)).ToHashSet();
        return named.Where(role => !table.Contains(role.Value)).Select(role => $"README.md: role {role.Key} is not in the table")
            .Concat(table.Except(given).Select(id => $"README.md: role {id} is given to nobody"))
            .Concat(named.Where(role => !given.Contains(role.Value)).Select(role => $"role {role.Key}: is not used"))
            .Concat(given.Except(named.Values).Select(id => $"{id} belongs into role-ids.bicep"));
    }

    private static IEnumerable<string> Hardened(Deployment deployment) =>
        from rule in Hardening
        from resource in deployment.OfType(rule.Type).Cast<JsonElement?>().DefaultIfEmpty()
        let value = resource is { } made ? ValueAt(made, rule.Path) : null
        where value is null || !Regex.IsMatch(value, rule.Pattern)
        select $"{rule.Type}: {rule.Path} is {value ?? "missing"}, not {rule.Pattern}";

    /// <summary>Text at a path of names and indexes, <c>true</c> and <c>false</c> as in JSON; null where there is none.</summary>
    public static string? ValueAt(JsonElement element, string path)
    {
        foreach (var part in path.Split('.'))
        {
            var found = element.ValueKind switch
            {
                JsonValueKind.Object when element.TryGetProperty(part, out var member) => member,
                JsonValueKind.Array when int.TryParse(part, out var index) && index < element.GetArrayLength() => element[index],
                _ => (JsonElement?)null,
            };
            if (found is null)
            {
                return null;
            }

            element = found.Value;
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
    }

    [GeneratedRegex(
        @"\blist(Keys|AccountSas|ServiceSas|Credentials|AdminKeys|Secrets)?\(|\bprimary(Key|ConnectionString)\b|AccountKey=|\bsecondaryKey\b")]
    private static partial Regex KeyUse();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Guid();
}
