using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Runs;
using OpenClaw.Models;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary><c>models.authStatus</c> and <c>channels.status</c>: what the gateway is connected to.</summary>
internal sealed class ProviderMethods(
    ModelCatalog models, IChannelReports reports, GatewayConfigStore config, TimeProvider time) : IControlMethods
{
    public void AddTo(MethodTable table)
    {
        var json = StatusMethodsJson.Default;
        table.Add("models.authStatus", Scope.OperatorRead, json.ModelsAuthParams, json.ModelsAuthResult, ListProvidersAsync);
        table.Add("channels.status", Scope.OperatorRead, json.ProbeParams, json.ChannelsStatusResult,
            (_, _, token) => ListChannelsAsync(token));
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

    private async Task<ChannelsStatusResult> ListChannelsAsync(CancellationToken cancellationToken)
    {
        var all = (await reports.ListAsync(cancellationToken)).GroupBy(report => report.Channel, StringComparer.Ordinal).ToList();
        return new ChannelsStatusResult(
            Now,
            [.. all.Select(channel => channel.Key)],
            all.ToDictionary(channel => channel.Key, channel => channel.Key, StringComparer.Ordinal),
            all.ToDictionary(channel => channel.Key, channel => ChannelState.Of(channel.First()), StringComparer.Ordinal),
            all.ToDictionary(
                channel => channel.Key,
                channel => channel.Select(account => ChannelState.Of(account) with { AccountId = account.Account }).ToArray(),
                StringComparer.Ordinal),
            all.ToDictionary(channel => channel.Key, channel => channel.First().Account, StringComparer.Ordinal));
    }
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

/// <summary>An account of a channel; of a channel, its first account. Times in Unix milliseconds.</summary>
/// <param name="Configured">Whether all keys are set that the channel needs.</param>
/// <param name="Running">Whether it is switched on and can work.</param>
internal sealed record ChannelState(bool Enabled, bool Configured, bool Running)
{
    public string? AccountId { get; init; }

    /// <summary>Whether the platform has called, or taken a reply.</summary>
    public bool Connected { get; init; }

    public long? LastInboundAt { get; init; }

    public long? LastOutboundAt { get; init; }

    public string? LastError { get; init; }

    public static ChannelState Of(ChannelReport report) => new(
        report.IsEnabled, report.HasSecrets, report is { IsEnabled: true, IsKnown: true, HasSecrets: true })
    {
        Connected = report.LastInboundAt is not null || report.LastOutboundAt is not null,
        LastInboundAt = report.LastInboundAt?.ToUnixTimeMilliseconds(),
        LastOutboundAt = report.LastOutboundAt?.ToUnixTimeMilliseconds(),
        LastError = report.IsKnown ? report.LastError : "this gateway has no such channel",
    };
}
