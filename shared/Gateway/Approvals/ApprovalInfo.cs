using System.Text.Json.Serialization;
using OpenClaw.Tools.Approvals;

namespace OpenClaw.Gateway.Approvals;

/// <summary>A call that waits for an approval, or was decided.</summary>
internal sealed record ApprovalInfo(
    string Id, string Tool, string Arguments, string AgentId, string? SessionKey, string RunId, string? Channel, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, string? Decision, string? DecidedBy, DateTimeOffset? DecidedAt)
{
    public static ApprovalInfo Of(Approval approval) => new(
        approval.Id, approval.Tool, approval.Arguments, approval.Agent, approval.Session, approval.RunId, approval.Channel,
        approval.CreatedAt, approval.ExpiresAt, approval.Decision, approval.DecidedBy, approval.DecidedAt);
}

internal sealed record ApprovalList(IReadOnlyList<ApprovalInfo> Approvals);

/// <param name="Decision"><c>allow-once</c> or <c>deny</c>.</param>
internal sealed record ApprovalDecision(string? Decision);

/// <summary>JSON of this room under <c>/api</c>: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApprovalInfo))]
[JsonSerializable(typeof(ApprovalList))]
[JsonSerializable(typeof(ApprovalDecision))]
internal sealed partial class ApprovalsJson : JsonSerializerContext;
