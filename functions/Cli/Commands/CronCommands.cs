using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw cron …</c>: jobs of a running gateway, by its HTTP API.</summary>
internal static class CronCommands
{
    private const string Path = "api/cron";

    public static Command Create(Option<string?> config)
    {
        var gateway = new GatewayOptions(config);
        var list = gateway.AddTo(new Command("list", "Lists the jobs, one a line: id, state, next time, name."));
        list.SetAction((parsed, token) => gateway.RunAsync(
            parsed, async (api, cancellation) => PrintJobs(await api.GetAsync(Path, cancellation)), token));
        return new Command("cron", "Jobs that the clock starts, of a running gateway.")
        {
            list,
            Add(gateway),
            OfOne(gateway, "run", "Starts a job now, and prints the id of the run.", static async (api, job, cancellation) =>
                Console.Out.WriteLine(TextOf(await api.PostAsync(job + "/run", "{}"u8.ToArray(), cancellation), "runId"))),
            OfOne(gateway, "runs", "Lists the ended runs of a job, newest first: time, status, id, error.", static async (
                api, job, cancellation) => PrintRuns(await api.GetAsync(job + "/runs", cancellation))),
            OfOne(gateway, "rm", "Deletes a job and what is known of its runs.", static (api, job, cancellation) =>
                api.DeleteAsync(job, cancellation)),
        };
    }

    private static Command Add(GatewayOptions gateway)
    {
        var expression = new Option<string?>("--cron") { Description = "When: a cron expression of five or six fields." };
        var zone = new Option<string?>("--tz") { Description = "Time zone of the expression, such as Europe/Berlin. Default: UTC." };
        var once = new Option<string?>("--at") { Description = "When, once: ISO 8601." };
        var every = new Option<long?>("--every-ms") { Description = "When: each time that so many milliseconds have passed." };
        var message = new Option<string?>("--message") { Description = "What the agent is told, in a session of its own." };
        var text = new Option<string?>("--system-event") { Description = "An event of the agent's main session, in place of a message." };
        var name = new Option<string?>("--name") { Description = "Name of the job." };
        var agent = new Option<string?>("--agent") { Description = "Id of the agent. Default: the default agent." };
        var add = gateway.AddTo(new Command("add", "Makes a job and prints its id.")
        {
            expression, zone, once, every, message, text, name, agent,
        });
        add.SetAction((parsed, token) =>
        {
            var schedule = parsed.GetValue(expression) is { } expr
                ? Fields(("kind", "cron"), ("expr", expr), ("tz", parsed.GetValue(zone)))
                : parsed.GetValue(every) is { } milliseconds ? Fields(("kind", "every"), ("everyMs", milliseconds))
                : Fields(("kind", "at"), ("at", parsed.GetValue(once)));
            var payload = parsed.GetValue(text) is { } eventText ? Fields(("kind", "systemEvent"), ("text", eventText))
                : Fields(("kind", "agentTurn"), ("message", parsed.GetValue(message)));
            var job = Fields(
                ("name", parsed.GetValue(name)), ("agentId", parsed.GetValue(agent)), ("schedule", schedule), ("payload", payload));
            return gateway.RunAsync(
                parsed,
                async (api, cancellation) => Console.Out.WriteLine(
                    TextOf(await api.PostAsync(Path, Encoding.UTF8.GetBytes(job.ToJsonString()), cancellation), "id")),
                token);
        });
        return add;
    }

    private static Command OfOne(
        GatewayOptions gateway, string verb, string description, Func<GatewayApi, string, CancellationToken, Task> act)
    {
        var id = new Argument<string>("id") { Description = "Id of the job." };
        var command = gateway.AddTo(new Command(verb, description) { id });
        command.SetAction((parsed, token) => gateway.RunAsync(
            parsed, (api, cancellation) => act(api, $"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", cancellation), token));
        return command;
    }

    private static JsonObject Fields(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var all = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                all[name] = value;
            }
        }

        return all;
    }

    private static void PrintJobs(JsonElement data)
    {
        foreach (var job in data.GetProperty("jobs").EnumerateArray())
        {
            var state = job.GetProperty("state");
            Console.Out.WriteLine(
                string.Join('\t', TextOf(job, "id"), StateOf(job, state), TimeOf(state, "nextRunAtMs"), TextOf(job, "name")));
        }
    }

    private static void PrintRuns(JsonElement data)
    {
        foreach (var run in data.GetProperty("runs").EnumerateArray())
        {
            Console.Out.WriteLine(
                string.Join('\t', TimeOf(run, "runAtMs"), TextOf(run, "status"), TextOf(run, "runId"), TextOf(run, "error")));
        }
    }

    private static string StateOf(JsonElement job, JsonElement state) => state.TryGetProperty("runId", out _) ? "running"
        : job.GetProperty("enabled").GetBoolean() ? TextOf(state, "lastStatus") is { Length: > 0 } last ? last : "idle" : "off";

    private static string TextOf(JsonElement fields, string name) => fields.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string TimeOf(JsonElement fields, string name) => fields.TryGetProperty(name, out var value)
        ? DateTimeOffset.FromUnixTimeMilliseconds(value.GetInt64()).UtcDateTime.ToString("u", CultureInfo.InvariantCulture)
        : "-";
}
