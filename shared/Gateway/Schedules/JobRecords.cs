using System.Text.Json.Serialization;
using OpenClaw.Gateway.Runs;

namespace OpenClaw.Gateway.Schedules;

internal sealed record JobList(IReadOnlyList<JobInfo> Jobs);

internal sealed record JobRunList(IReadOnlyList<JobRunInfo> Runs);

/// <summary>A run that was started by hand.</summary>
internal sealed record StartedJob(string JobId, string RunId);

/// <summary>A job that was deleted.</summary>
internal sealed record DeletedJob(string Id, bool Deleted);

/// <summary>JSON of this room: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(JobInfo))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobRunList))]
[JsonSerializable(typeof(StartedJob))]
[JsonSerializable(typeof(DeletedJob))]
internal sealed partial class JobsJson : JsonSerializerContext;
