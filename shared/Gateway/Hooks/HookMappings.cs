using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Hooks.Templates;
using OpenClaw.Gateway.Hooks.Transforms;

namespace OpenClaw.Gateway.Hooks;

/// <summary>What a mapping makes of a call: an agent call, or a wake.</summary>
/// <param name="HasOwnersKey">Whether the session key is as the configuration has it.</param>
internal sealed record MappedAction(AgentRequest? Agent, WakeRequest? Wake, HookMappingSection Mapping, bool HasOwnersKey);

/// <summary>Finds the mapping of a call and applies it: transform, list, templates.</summary>
public sealed partial class HookMappings(ILogger<HookMappings> logger)
{
    private const int MaxItems = 200;

    /// <summary>The mappings of a path, in order.</summary>
    internal static IReadOnlyList<HookMappingSection> OfPath(HooksSection hooks, string path) =>
        [.. hooks.Mappings.Where(m => m.MatchPath is null || m.MatchPath.Equals(path, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The first mapping that fits the payload; null for none.</summary>
    internal static HookMappingSection? OwnerOf(IReadOnlyList<HookMappingSection> mappings, JsonElement payload) =>
        mappings.FirstOrDefault(m => m.MatchSource is null || m.MatchSource == SourceOf(payload));

    /// <summary>The actions of a call; none when there is nothing to do.</summary>
    /// <exception cref="GatewayException"><c>400</c>, <c>413</c>, <c>500 transform_failed</c>.</exception>
    internal IReadOnlyList<MappedAction> Apply(
        HooksSection hooks, HookMappingSection mapping, HookEvent hook, CancellationToken cancellationToken)
    {
        JsonObject? changes = null;
        if (mapping.Transform is { } transform)
        {
            if (Transform(hooks, transform, hook, cancellationToken) is not { } result)
            {
                return [];
            }

            changes = result;
        }

        return [.. EventsOf(mapping, hook).Select(one => ActionOf(mapping, one, changes))];
    }

    private static IEnumerable<HookEvent> EventsOf(HookMappingSection mapping, HookEvent hook)
    {
        if (mapping.ForEach is not { } path)
        {
            return [hook];
        }

        var list = HookTemplate.Find(path, hook) is { ValueKind: JsonValueKind.Array } found ? found : default;
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > MaxItems)
        {
            throw new GatewayException(GatewayError.InvalidRequest($"The list '{path}' has more than {MaxItems} elements.", path));
        }

        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(item => hook with { Item = item }) : [];
    }

    private JsonObject? Transform(
        HooksSection hooks, HookTransformSection transform, HookEvent hook, CancellationToken cancellationToken)
    {
        try
        {
            var source = TransformFile.Read(hooks.TransformsDir!, transform.Module);
            return HookTransform.Run(source, transform.Export, hook, cancellationToken) switch
            {
                null => null,
                JsonObject action => action,
                _ => throw new TransformException("It returned neither an object nor null."),
            };
        }
        catch (TransformException failure)
        {
            LogFailed(transform.Module, failure.Message);
            throw new GatewayException(new GatewayError(
                500, "server_error", ErrorCode.TransformFailed, "The hook's transform failed; the gateway's log says why."));
        }
    }

    private static MappedAction ActionOf(HookMappingSection mapping, HookEvent hook, JsonObject? changes)
    {
        string? Render(string? template) => template is null ? null : HookTemplate.Render(template, hook);

        var kind = Text(changes, "action") ?? Text(changes, "kind") ?? mapping.Action;
        var hasOwnersKey = Text(changes, "sessionKey") is null && mapping.SessionKey?.Contains("{{", StringComparison.Ordinal) != true;
        if (kind == HookPath.Wake)
        {
            return new MappedAction(
                null,
                new WakeRequest
                {
                    Text = Text(changes, "text") ?? Render(mapping.TextTemplate),
                    Mode = Text(changes, "mode") ?? mapping.WakeMode,
                    AgentId = mapping.AgentId,
                    SessionKey = Text(changes, "sessionKey") ?? Render(mapping.SessionKey),
                },
                mapping,
                hasOwnersKey);
        }

        if (kind != HookPath.Agent)
        {
            throw new GatewayException(GatewayError.InvalidValue("action", "'agent' or 'wake'."));
        }

        return new MappedAction(
            new AgentRequest
            {
                Message = Text(changes, "message") ?? Render(mapping.MessageTemplate) ?? hook.Payload.GetRawText(),
                Name = Text(changes, "name") ?? mapping.Name ?? mapping.Id,
                AgentId = Text(changes, "agentId") ?? mapping.AgentId,
                SessionKey = Text(changes, "sessionKey") ?? Render(mapping.SessionKey),
                SessionMode = Text(changes, "sessionMode") ?? mapping.SessionMode,
                WakeMode = Text(changes, "wakeMode"),
                Deliver = Flag(changes, "deliver") ?? mapping.Deliver,
                Channel = Text(changes, "channel") ?? mapping.Channel,
                To = Text(changes, "to") ?? Render(mapping.To),
                Model = Text(changes, "model") ?? mapping.Model,
                Thinking = Text(changes, "thinking") ?? mapping.Thinking,
                TimeoutSeconds = Whole(changes, "timeoutSeconds") ?? mapping.TimeoutSeconds,
            },
            null,
            mapping,
            hasOwnersKey);
    }

    private static string? SourceOf(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("source", out var source)
        && source.ValueKind == JsonValueKind.String ? source.GetString() : null;

    private static string? Text(JsonObject? changes, string name) =>
        changes?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool? Flag(JsonObject? changes, string name) =>
        changes?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static int? Whole(JsonObject? changes, string name) =>
        changes?[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The transform {Module} of a hook failed: {Reason}")]
    private partial void LogFailed(string module, string reason);
}
