using System.Text.Json.Serialization;
using OpenClaw.Tools.Approvals;

namespace OpenClaw.Gateway.Realtime.Methods.Approvals;

internal sealed record ApprovalResolveParams([property: JsonRequired] string Id, [property: JsonRequired] string Decision);

internal sealed record ApprovalHistoryParams(int? Limit);

/// <summary>A call that waits, in the shape of the original's approvals; also the payload of <c>exec.approval.requested</c>.</summary>
/// <param name="Request">What is asked for.</param>
internal sealed record ApprovalEntry(string Id, ApprovalRequestInfo Request, long CreatedAtMs, long ExpiresAtMs)
{
    public string? Decision { get; init; }

    public string? ResolvedBy { get; init; }

    public long? ResolvedAtMs { get; init; }

    public static ApprovalEntry Of(Approval approval) => new(
        approval.Id,
        new ApprovalRequestInfo($"{approval.Tool} {approval.Arguments}", approval.Tool, approval.Agent, approval.RunId)
        {
            SessionKey = approval.Session,
        },
        approval.CreatedAt.ToUnixTimeMilliseconds(), approval.ExpiresAt.ToUnixTimeMilliseconds())
    {
        Decision = approval.Decision,
        ResolvedBy = approval.DecidedBy,
        ResolvedAtMs = approval.DecidedAt?.ToUnixTimeMilliseconds(),
    };
}

/// <param name="Command">The call as a line of text, for people.</param>
internal sealed record ApprovalRequestInfo(string Command, string ToolName, string AgentId, string RunId)
{
    public string? SessionKey { get; init; }
}

internal sealed record ApprovalHistory(IReadOnlyList<ApprovalEntry> Items);

internal sealed record ApprovalResolved(bool Ok, string Id, string Decision);

/// <summary>Payload of <c>exec.approval.resolved</c>.</summary>
internal sealed record ApprovalResolvedPayload(string Id, string Decision, string? ResolvedBy, long Ts);

/// <summary>JSON of the approval methods: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmptyParams))]
[JsonSerializable(typeof(ApprovalResolveParams))]
[JsonSerializable(typeof(ApprovalHistoryParams))]
[JsonSerializable(typeof(IReadOnlyList<ApprovalEntry>), TypeInfoPropertyName = "Entries")]
[JsonSerializable(typeof(ApprovalHistory))]
[JsonSerializable(typeof(ApprovalResolved))]
[JsonSerializable(typeof(ApprovalResolvedPayload))]
internal sealed partial class ApprovalMethodsJson : JsonSerializerContext;
