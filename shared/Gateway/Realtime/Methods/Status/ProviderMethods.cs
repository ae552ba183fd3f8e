using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary><c>models.authStatus</c> and <c>channels.status</c>: what the gateway is connected to.</summary>
internal sealed class ProviderMethods(ModelCatalog models, GatewayConfigStore config, TimeProvider time) : IControlMethods
{
    private const string Account = "default";

    public void AddTo(MethodTable table)
    {
        var json = StatusMethodsJson.Default;
        table.Add("models.authStatus", Scope.OperatorRead, json.ModelsAuthParams, json.ModelsAuthResult, ListProvidersAsync);
        table.Add("channels.status", Scope.OperatorRead, json.ProbeParams, json.ChannelsStatusResult,
            (_, _, _) => Task.FromResult(ListChannels()));
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<ModelsAuthResult> ListProvidersAsync(ControlCall call, ModelsAuthParams given, CancellationToken cancellationToken)
    {
        var sections = config.Current.Models.Providers;
        var listed = await models.ListProvidersAsync(cancellationToken);
        return new ModelsAuthResult(
            Now,
            [.. listed.Select(provider => new ProviderAuth(
                provider.Id, provider.Id, provider.Id, provider.Health == ProviderHealth.Unauthorized ? "missing" : "static",
                provider.Health.ToWord(), new ProviderKey(sections.GetValueOrDefault(provider.Id)?.ApiKey is not null)))],
            [.. listed.Select(provider => new ProviderCapability(provider.Id))]);
    }

    private ChannelsStatusResult ListChannels()
    {
        var channels = ConfiguredChannel.Of(config.Current).ToList();
        return new ChannelsStatusResult(
            Now,
            [.. channels.Select(channel => channel.Name)],
            channels.ToDictionary(channel => channel.Name, channel => channel.Name, StringComparer.Ordinal),
            channels.ToDictionary(channel => channel.Name, Describe, StringComparer.Ordinal),
            channels.ToDictionary(channel => channel.Name, channel => new[] { Describe(channel) with { AccountId = Account } }, StringComparer.Ordinal),
            channels.ToDictionary(channel => channel.Name, _ => Account, StringComparer.Ordinal));
    }

    private static ChannelState Describe(ConfiguredChannel channel) => new(channel.IsEnabled);
}

/// <summary>Parameters of <c>models.authStatus</c>; they have no effect.</summary>
internal sealed record ModelsAuthParams
{
    public JsonElement Refresh { get; init; }

    public JsonElement AgentId { get; init; }

    public JsonElement SessionKey { get; init; }
}

internal sealed record ModelsAuthResult(
    long Ts, IReadOnlyList<ProviderAuth> Providers, IReadOnlyList<ProviderCapability> ProviderCapabilities);

/// <param name="Status"><c>static</c>: credentials that do not expire; <c>missing</c>: the provider refuses the gateway's.</param>
/// <param name="Health">As in <c>GET /api/models</c>: <c>configured</c>, <c>connected</c>, <c>unreachable</c>, <c>unauthorized</c> or
/// <c>unsupported</c>.</param>
internal sealed record ProviderAuth(
    string Provider, string AuthProvider, string DisplayName, string Status, string Health, ProviderKey ApiKey)
{
    public IReadOnlyList<string> Profiles { get; } = [];
}

internal sealed record ProviderKey(bool Configured);

internal sealed record ProviderCapability(string Provider)
{
    public bool ApiKeySupported { get; } = true;

    public bool QuickApiKeySetup { get; }
}

internal sealed record ChannelsStatusResult(
    long Ts, IReadOnlyList<string> ChannelOrder, IReadOnlyDictionary<string, string> ChannelLabels,
    IReadOnlyDictionary<string, ChannelState> Channels, IReadOnlyDictionary<string, ChannelState[]> ChannelAccounts,
    IReadOnlyDictionary<string, string> ChannelDefaultAccountId)
{
    public EmptyMap ChannelDetailLabels { get; } = new();

    public EmptyMap ChannelSystemImages { get; } = new();

    public IReadOnlyList<string> ChannelMeta { get; } = [];

    public IReadOnlyList<string> StatusIssues { get; } = [];
}

/// <summary>A configured channel; none runs before there are channels.</summary>
internal sealed record ChannelState(bool Enabled)
{
    public string? AccountId { get; init; }

    public bool Configured { get; } = true;

    public bool Running { get; }

    public bool Connected { get; }

    public string LastError { get; } = "this gateway has no channels yet";
}
