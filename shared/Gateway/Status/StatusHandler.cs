using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Media.Worker;
using OpenClaw.Models;
using OpenClaw.Runs.Durable;
using OpenClaw.Storage;
using OpenClaw.Tools.Mcp;

namespace OpenClaw.Gateway.Status;

/// <summary>State of the service and of its parts.</summary>
public sealed class StatusHandler(
    AgentCatalog agents, ModelCatalog models, GatewayConfigStore config, GatewayStorage storage, StorageProbe probe, MediaTools media,
        HostTraits host,
    WakeUps wakeUps, IChannelReports channels, McpServers mcp, TimeProvider time)
{
    private readonly DateTimeOffset _started = System.Diagnostics.Process.GetCurrentProcess().StartTime;

    internal static string Version { get; } = typeof(StatusHandler).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The build adds it to the informational version after a plus sign.</summary>
    internal static string? Commit { get; } =
        typeof(StatusHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(
            '+') is [_, { Length: > 0 } commit]
            ? commit
            : null;

    /// <summary>Seconds.</summary>
    internal long Uptime => (long)Math.Max(0, (time.GetUtcNow() - _started).TotalSeconds);

    public async Task<IResult> GetAsync(CancellationToken cancellationToken)
    {
        var reachable = await probe.IsReachableAsync(cancellationToken);
        return new ApiResult<ServiceStatus>(
            new ServiceStatus(
                reachable && !config.IsInvalid ? "ok" : "degraded", Version, Uptime, host.IsWorker ? "functions" : "self-host",
                [.. agents.All.Select(a => new AgentStatus(a.Id, a.Name, a.Id == agents.Default.Id, ModelOf(a)))],
                ModelOf(agents.Default), StorageStatus(reachable))
            {
                Commit = Commit,
            },
            StatusJson.Default.ServiceStatus);
    }

    /// <summary>Not under <c>/api</c>: the bare object, as health checks read it.</summary>
    public async Task<IResult> GetDetailsAsync(CancellationToken cancellationToken)
    {
        var reachable = await probe.IsReachableAsync(cancellationToken);
        var providers = await models.ListProvidersAsync(cancellationToken);
        var poison = reachable ? await CountPoisonAsync(cancellationToken) : null;
        var reports = await channels.ListAsync(cancellationToken);
        var healthy = reachable && !config.IsInvalid && poison is not > 0
            && !providers.Any(p => p.Health is ProviderHealth.Unreachable or ProviderHealth.Unauthorized)
            && !reports.Any(r => r is { IsEnabled: true, IsLastGivenUp: true });
        var tools = media.Status;
        return new JsonResult<HealthDetails>(
            new HealthDetails(
                healthy ? "ok" : "degraded", Uptime, Version, StorageStatus(reachable), config.IsInvalid ? "invalid" : "ok",
                providers.ToDictionary(p => p.Id, p => p.Health.ToWord()),
                reports.GroupBy(c => c.Channel).ToDictionary(c => c.Key, WordOf),
                mcp.Status.ToDictionary(server => server.Name, server => server.Status),
                new WakeUpDetails(poison),
                new MediaDetails(ToWord(tools.Pdf), ToWord(tools.Images)),
                new MemoryDetails(Megabytes(Environment.WorkingSet), Megabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes))),
            StatusJson.Default.HealthDetails);
    }

    /// <summary>Agents first, then configured models.</summary>
    public IResult ListModelInfo() => new ApiResult<ModelInfoList>(
        new ModelInfoList(
            [
                .. agents.All.Select(a => new ModelInfo($"openclaw/{a.Id}", "agent", a.Name, "openclaw")),
                .. models.List().Select(m => new ModelInfo(m.Reference, "model", m.Info.Name, m.ProviderId)
                {
                    ContextWindow = m.Info.ContextWindow,
                    MaxTokens = m.Info.MaxTokens,
                }),
            ],
            ModelOf(agents.Default)),
        StatusJson.Default.ModelInfoList);

    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListChannelsAsync(CancellationToken cancellationToken) => new ApiResult<ChannelInfoList>(
        new ChannelInfoList([.. (await channels.ListAsync(cancellationToken)).Select(c => new ChannelInfo(
            c.Channel, c.Account, c.IsEnabled, c.Status, c.HasSecrets, c.Waiting, c.AmbiguousDeliveries, c.Undelivered)
        {
            LastInboundAt = c.LastInboundAt,
            LastOutboundAt = c.LastOutboundAt,
            LastError = c.LastError,
            LastErrorAt = c.LastErrorAt,
        })]),
        StatusJson.Default.ChannelInfoList);

    /// <summary>The word of its worst account.</summary>
    private static string WordOf(IEnumerable<ChannelReport> accounts) => accounts.Select(a => a.Status).MinBy(
        status => Array.IndexOf(["unavailable", "misconfigured", "error", "active", "disabled"], status))!;

    private async Task<long?> CountPoisonAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await wakeUps.CountPoisonAsync(cancellationToken);
        }
        catch (StorageException)
        {
            return null;
        }
    }

    private string StorageStatus(bool reachable) => reachable ? "connected" : storage.IsConfigured ? "unreachable" : "not_configured";

    private string ModelOf(Agent agent) => agent.Models.Count > 0 ? agent.Models[0] : models.DefaultReference;

    private static string ToWord(bool isThere) => isThere ? "available" : "missing";

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * 1024)}MB");
}
