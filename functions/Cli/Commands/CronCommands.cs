using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw cron …</c>: jobs of a running gateway, by its HTTP API.</summary>
internal static class CronCommands
{
    private const string Path = "/api/cron";

    public static Command Create(Option<string?> config)
    {
        var url = new Option<string?>("--url")
        {
            Description = "Address of the gateway. Default: this machine, at its configured port.",
            Recursive = true,
        };
        var token = new Option<string?>("--token")
        {
            Description = "Secret of the gateway. Default: that of the configuration, only for this machine.",
            Recursive = true,
        };
        var cron = new Command("cron", "Jobs that the clock starts, of a running gateway.") { url, token };
        GatewayAddress At(ParseResult parsed) => new(parsed.GetValue(config), parsed.GetValue(url), parsed.GetValue(token));

        var list = new Command("list", "Lists the jobs, one a line: id, state, next time, name.");
        list.SetAction((parsed, cancellationToken) => SendAsync(At(parsed), HttpMethod.Get, Path, null, PrintJobs, cancellationToken));
        cron.Subcommands.Add(list);
        cron.Subcommands.Add(Add(At));
        cron.Subcommands.Add(OfOne(
            "run", "Starts a job now.", At, HttpMethod.Post, "/run", static data => Console.Out.WriteLine(TextOf(data, "runId"))));
        cron.Subcommands.Add(OfOne("rm", "Deletes a job and what is known of its runs.", At, HttpMethod.Delete, "", static _ => { }));
        cron.Subcommands.Add(OfOne("runs", "Lists the ended runs of a job, newest first.", At, HttpMethod.Get, "/runs", PrintRuns));
        return cron;
    }

    private static Command Add(Func<ParseResult, GatewayAddress> at)
    {
        var expression = new Option<string?>("--cron") { Description = "When: a cron expression of five or six fields." };
        var zone = new Option<string?>("--tz") { Description = "Time zone of the expression, such as Europe/Berlin. Default: UTC." };
        var once = new Option<string?>("--at") { Description = "When, once: ISO 8601." };
        var every = new Option<long?>("--every-ms") { Description = "When: each time that so many milliseconds have passed." };
        var message = new Option<string?>("--message") { Description = "What the agent is told, in a session of its own." };
        var text = new Option<string?>("--system-event") { Description = "An event of the agent's main session, in place of a message." };
        var name = new Option<string?>("--name") { Description = "Name of the job." };
        var agent = new Option<string?>("--agent") { Description = "Id of the agent. Default: the default agent." };
        var add = new Command("add", "Makes a job and prints its id.") { expression, zone, once, every, message, text, name, agent };
        add.SetAction((parsed, cancellationToken) =>
        {
            var schedule = parsed.GetValue(expression) is { } expr
                ? Fields(("kind", "cron"), ("expr", expr), ("tz", parsed.GetValue(zone)))
                : parsed.GetValue(every) is { } milliseconds ? Fields(("kind", "every"), ("everyMs", milliseconds))
                : Fields(("kind", "at"), ("at", parsed.GetValue(once)));
            var payload = parsed.GetValue(text) is { } eventText ? Fields(("kind", "systemEvent"), ("text", eventText))
                : Fields(("kind", "agentTurn"), ("message", parsed.GetValue(message)));
            var job = Fields(
                ("name", parsed.GetValue(name)), ("agentId", parsed.GetValue(agent)), ("schedule", schedule), ("payload", payload));
            return SendAsync(
                at(parsed), HttpMethod.Post, Path, job, static data => Console.Out.WriteLine(TextOf(data, "id")), cancellationToken);
        });
        return add;
    }

    private static Command OfOne(
        string verb, string description, Func<ParseResult, GatewayAddress> at, HttpMethod method, string below, Action<JsonElement> print)
    {
        var id = new Argument<string>("id") { Description = "Id of the job." };
        var command = new Command(verb, description) { id };
        command.SetAction((parsed, cancellationToken) => SendAsync(
            at(parsed), method, $"{Path}/{Uri.EscapeDataString(parsed.GetValue(id)!)}{below}", method == HttpMethod.Post ? [] : null, print,
            cancellationToken));
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

    /// <returns>An <see cref="ExitCode"/>; 1 also when the gateway refuses or cannot be reached.</returns>
    private static async Task<int> SendAsync(
        GatewayAddress at, HttpMethod method, string path, JsonObject? body, Action<JsonElement> print, CancellationToken cancellationToken)
    {
        if (at.Find(Console.Error) is not var (address, token))
        {
            return ExitCode.ConfigInvalid;
        }

        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !address.IsLoopback });
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            if (answer.IsSuccessStatusCode && json.RootElement.TryGetProperty("data", out var data))
            {
                print(data);
                return ExitCode.Ok;
            }

            await Console.Error.WriteLineAsync(json.RootElement.TryGetProperty("error", out var error)
                ? TextOf(error, "message") : $"The gateway answers {(int)answer.StatusCode}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            await Console.Error.WriteLineAsync($"No gateway answers at {address}: {failure.Message}");
        }

        return ExitCode.ConfigInvalid;
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
