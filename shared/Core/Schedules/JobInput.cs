using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Schedules;

/// <summary>Makes jobs of what callers send, and changes them. The fields are those of the original's <c>cron.add</c>.</summary>
public sealed class JobInput(AgentCatalog agents, TimeProvider time)
{
    private const int MaxName = 200;

    private const int MaxText = 20_000;

    private const int MaxSeconds = 86_400;

    /// <summary>A new job.</summary>
    /// <exception cref="GatewayException"><c>400</c>, naming the field.</exception>
    public Job Create(JsonObject fields)
    {
        var now = time.GetUtcNow();
        return Read(fields, JobStore.NewId(), now, now);
    }

    /// <summary>A job with some fields changed, as JSON merge patch (RFC 7396).</summary>
    /// <exception cref="GatewayException"><c>400</c>, naming the field.</exception>
    public Job Change(Job job, JsonObject fields)
    {
        var merged = JsonSerializer.SerializeToNode(job, SchedulesJson.Default.Job)!.AsObject();
        RemoveOther(merged, fields, "schedule");
        RemoveOther(merged, fields, "payload");
        Merge(merged, fields);
        return Read(merged, job.Id, job.CreatedAt, time.GetUtcNow());
    }

    /// <summary>A section of another kind takes the old one's place as a whole.</summary>
    private static void RemoveOther(JsonObject merged, JsonObject fields, string section)
    {
        if (fields[section] is JsonObject given && given["kind"] is { } kind && !JsonNode.DeepEquals(kind, merged[section]!["kind"]))
        {
            merged.Remove(section);
        }
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject part when target[name] is JsonObject old:
                    Merge(old, part);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }

    private Job Read(JsonObject fields, string id, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var reader = new JobFields(fields);
        reader.Ignore("id", "createdAt", "updatedAt", "createdAtMs", "updatedAtMs", "state", "sessionKey", "declarationKey",
            "displayName");
        var payload = ReadPayload(reader.Section("payload") ?? throw reader.Missing("payload"));
        var schedule = ReadSchedule(reader.Section("schedule") ?? throw reader.Missing("schedule"));
        var isEvent = payload.Kind == JobPayload.SystemEvent;
        var job = new Job
        {
            Id = id,
            Name = reader.Text("name", MaxName) ?? NameOf(payload),
            Description = reader.Text("description", 2_000),
            Enabled = reader.Flag("enabled") ?? true,
            AgentId = ReadAgent(reader),
            Schedule = schedule,
            SessionTarget = reader.Choice("sessionTarget", "isolated", "main") ?? (isEvent ? "main" : "isolated"),
            WakeMode = reader.Choice("wakeMode", "now", "next-heartbeat") ?? "now",
            Payload = payload,
            Delivery = ReadDelivery(reader.Section("delivery")),
            DeleteAfterRun = reader.Flag("deleteAfterRun") ?? false,
            CreatedAt = createdAt,
            UpdatedAt = now,
        };
        reader.Check();
        if (isEvent != (job.SessionTarget == "main"))
        {
            throw reader.Invalid(
                "sessionTarget", isEvent ? "'main', because a system event belongs to a session." : "'isolated' for an agent turn.");
        }

        CheckComes(job, now);
        return job;
    }

    private static void CheckComes(Job job, DateTimeOffset now)
    {
        if (job.Schedule.Read(job.CreatedAt).NextAfter(now) is null && job.Enabled)
        {
            throw job.Schedule.Kind == ScheduleText.Once
                ? new GatewayException(GatewayError.InvalidValue("schedule.at", "a time to come."))
                : new GatewayException(GatewayError.InvalidValue("schedule.expr", "a time that comes."));
        }
    }

    private string ReadAgent(JobFields reader) => reader.Text("agentId", 64) is { } id
        ? agents.Find(id)?.Id ?? throw reader.Invalid("agentId", "the id of a configured agent.")
        : agents.Default.Id;

    private static ScheduleText ReadSchedule(JobFields reader)
    {
        var text = new ScheduleText(reader.Text("kind", 16))
        {
            At = reader.Text("at", 64),
            EveryMs = reader.Whole("everyMs"),
            AnchorMs = reader.Whole("anchorMs"),
            Expr = reader.Text("expr", 256),
            Tz = reader.Text("tz", 64),
        };
        reader.Ignore("staggerMs");
        reader.Check();
        text.Read(DateTimeOffset.UnixEpoch);
        return text;
    }

    private static JobPayload ReadPayload(JobFields reader)
    {
        var payload = new JobPayload(
            reader.Choice("kind", JobPayload.AgentTurn, JobPayload.SystemEvent) ?? throw reader.Missing("kind"))
        {
            Message = reader.Text("message", MaxText),
            Text = reader.Text("text", MaxText),
            Model = reader.Text("model", 256),
            TimeoutSeconds = (int?)reader.Whole("timeoutSeconds"),
        };
        reader.Ignore("toolsAllow", "lightContext", "thinking", "fallbacks"); // of the original: no effect here
        reader.Check();
        if (payload.TimeoutSeconds is < 1 or > MaxSeconds)
        {
            throw reader.Invalid("timeoutSeconds", $"1 to {MaxSeconds}.");
        }

        var isTurn = payload.Kind == JobPayload.AgentTurn;
        if (isTurn ? payload.Message is null : payload.Text is null)
        {
            throw reader.Missing(isTurn ? "message" : "text");
        }

        return isTurn ? payload with { Text = null } : payload with { Message = null };
    }

    private static JobDelivery ReadDelivery(JobFields? reader)
    {
        if (reader is null)
        {
            return new JobDelivery();
        }

        var delivery = new JobDelivery
        {
            Mode = reader.Choice("mode", JobDelivery.None, JobDelivery.Announce, JobDelivery.Webhook) ?? JobDelivery.None,
            Channel = reader.Text("channel", 64),
            To = reader.Text("to", 2_048),
            AccountId = reader.Text("accountId", 64),
        };
        reader.Ignore("bestEffort", "threadId"); // of the original: no effect here
        reader.Check();
        if (delivery.Mode == JobDelivery.Webhook
            && !(Uri.TryCreate(delivery.To, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.UserInfo.Length == 0))
        {
            throw reader.Invalid("to", "the https address that gets the result, without credentials.");
        }

        var isNamed = delivery.Channel is not (null or IReplyRoutes.Last);
        if (delivery.Mode == JobDelivery.Announce && isNamed == delivery.To is null)
        {
            throw reader.Invalid(isNamed ? "to" : "channel", "'channel' and 'to' go together; without both it is the last conversation.");
        }

        return delivery;
    }

    private static string NameOf(JobPayload payload)
    {
        var line = payload.Content.AsSpan().Trim();
        line = line[..(line.IndexOfAny('\r', '\n') is >= 0 and var end ? end : line.Length)];
        return Text.Utf16.Head(line.ToString(), 60);
    }
}
