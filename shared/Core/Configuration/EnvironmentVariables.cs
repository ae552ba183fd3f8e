namespace OpenClaw.Configuration;

/// <summary>Every environment variable that the program reads. What deploys the program may set these and those of the platform, nothing
/// else.</summary>
public static class EnvironmentVariables
{
    public const string ConfigPath = "OPENCLAW_CONFIG_PATH";
    public const string GatewayToken = "OPENCLAW_GATEWAY_TOKEN";
    public const string GatewayPassword = "OPENCLAW_GATEWAY_PASSWORD";
    public const string GatewayPort = "OPENCLAW_GATEWAY_PORT";
    public const string InfraFolder = "OPENCLAW_INFRA_DIR";
    public const string WakeUpQueue = "OPENCLAW_WAKEUP_QUEUE";
    public const string CrashAt = "OPENCLAW_CRASH_AT";
    public const string DataStorage = "DataStorage";
    public const string HostStorage = "AzureWebJobsStorage";
    public const string SignalR = "AzureSignalRConnectionString";
    public const string PlatformHostName = "WEBSITE_HOSTNAME";
    public const string PlatformAuthentication = "WEBSITE_AUTH_ENABLED";
    public const string OpenAiKey = "OPENAI_API_KEY";
    public const string OpenAiBaseUrl = "OPENAI_BASE_URL";
    public const string OpenAiModel = "OPENAI_MODEL";
    public const string AnthropicKey = "ANTHROPIC_API_KEY";
    public const string AnthropicModel = "ANTHROPIC_MODEL";

    /// <summary>Begins the variables that set one key of the configuration.</summary>
    public const string KeyPrefix = "OPENCLAW__";

    /// <summary>Where the storage account is looked for, in this order.</summary>
    public static IReadOnlyList<string> StorageConnections { get; } = [DataStorage, HostStorage];

    public static IReadOnlyList<EnvironmentVariable> All { get; } =
    [
        new(ConfigPath, "Path of openclaw.json, where --config names none."),
        new(GatewayToken, "gateway.auth.token: the secret of the gateway."),
        new(GatewayPassword, "gateway.auth.password: the same, as a password."),
        new(GatewayPort, "gateway.port, self-host only."),
        new(KeyPrefix + "*", "Any key of the configuration, its path joined by two underscores; objects and lists as JSON5."),
        .. StorageConnections.SelectMany(Connection),
        new(SignalR, "Connection string of SignalR Service, which carries the control plane."),
        new($"{SignalR}__serviceUri", "Address of the service, reached with a managed identity."),
        new($"{SignalR}__credential", "'managedidentity', or not set."),
        new($"{SignalR}__clientId", "Client id of a user-assigned identity; not set: the system-assigned one."),
        new(PlatformHostName, "Set by the Functions host: where the gateway reaches itself when gateway.publicUrl is not set."),
        new(WakeUpQueue, "Functions host only: the queue that storage.prefix makes, such as openclaw-wakeups; "
            + "the host cannot read the configuration."),
        new(PlatformAuthentication, "Set by the platform when its own authentication runs in front of the app."),
        new("IDENTITY_ENDPOINT", "Set by the platform: where a managed identity gets its tokens."),
        new("IDENTITY_HEADER", "Set by the platform: what is shown there."),
        new("SystemRoot", "Set by Windows: handed on to the process that reads files."),
        new(OpenAiKey, "dev only: models of OpenAI. Elsewhere, as any variable, through ${NAME} in the configuration."),
        new(OpenAiBaseUrl, "dev only: another server with the same API."),
        new(OpenAiModel, "dev only: the model to begin with."),
        new(AnthropicKey, "dev only: models of Anthropic."),
        new(AnthropicModel, "dev only: the model to begin with."),
        new(InfraFolder, "dev only: the infra folder of a checkout, for a published app."),
        new(CrashAt, "Tests only, and only in debug builds: a place to be killed at."),
    ];

    private static IEnumerable<EnvironmentVariable> Connection(string name) =>
    [
        new(name, name == DataStorage ? "Storage connection string." : $"The same where {DataStorage} is not set."),
        new($"{name}__accountName", "Name of the storage account, reached with a managed identity."),
        new($"{name}__blobServiceUri", "Address of its blobs, instead of the name."),
        new($"{name}__serviceUri", "The same under its older name."),
        new($"{name}__queueServiceUri", "Address of its queues."),
        new($"{name}__tableServiceUri", "Address of its tables."),
        new($"{name}__credential", "'managedidentity', or not set."),
        new($"{name}__clientId", "Client id of a user-assigned identity; not set: the system-assigned one."),
    ];
}
