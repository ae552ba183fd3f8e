using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Bench;

internal enum SoakWay
{
    /// <summary>A chat completion in a session, without a key: who hears nothing knows nothing.</summary>
    Chat,

    /// <summary>A chat completion under an idempotency key.</summary>
    Keyed,

    /// <summary>A background response under an idempotency key, asked for until it has ended.</summary>
    Background,

    /// <summary><c>POST /api/chat</c> under an idempotency key.</summary>
    Api,
}

/// <summary>Speaks to the gateway as its callers do.</summary>
internal sealed class SoakClient : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    public SoakClient(string token) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    /// <returns>Null once the message was answered, else what went wrong.</returns>
    public async Task<string?> SendAsync(string url, SoakWay way, string session, string text)
    {
        try
        {
            var (path, body) = way switch
            {
                SoakWay.Background => ("/v1/responses", new JsonObject { ["input"] = text, ["background"] = true }),
                SoakWay.Api => ("/api/chat", new JsonObject { ["message"] = text, ["sessionId"] = session }),
                _ => ("/v1/chat/completions",
                    new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) }),
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, url + path) { Content = Json(body) };
            if (way != SoakWay.Api)
            {
                request.Headers.Add("x-openclaw-session-key", "agent:main:api:" + session);
            }

            if (way != SoakWay.Chat)
            {
                request.Headers.Add("Idempotency-Key", text);
            }

            using var answer = await _http.SendAsync(request);
            return !answer.IsSuccessStatusCode ? await CodeOfAsync(answer)
                : way == SoakWay.Background ? await PollAsync(url, (await ReadAsync(answer)).GetProperty("id").GetString()!)
                : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return failure is OperationCanceledException ? "timeout" : "connection";
        }
    }

    /// <summary>What users said in a session, oldest first.</summary>
    public async Task<List<string>> ReadInputsAsync(string url, string session)
    {
        var inputs = new List<string>();
        string? cursor = null;
        do
        {
            var body = new JsonObject { ["action"] = "history", ["limit"] = 100, ["order"] = "asc" };
            if (cursor is not null)
            {
                body["cursor"] = cursor;
            }

            using var answer = await _http.PostAsync(new Uri($"{url}/api/sessions/{session}"), Json(body));
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                return inputs;
            }

            answer.EnsureSuccessStatusCode();
            var page = (await ReadAsync(answer)).GetProperty("data");
            inputs.AddRange(page.GetProperty("messages").EnumerateArray()
                .Where(m => m.GetProperty("role").GetString() == "user").Select(m => m.GetProperty("content").GetString()!));
            cursor = page.GetProperty("hasMore").GetBoolean() ? page.GetProperty("nextCursor").GetString() : null;
        }
        while (cursor is not null);
        return inputs;
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> PollAsync(string url, string id)
    {
        while (true)
        {
            using var answer = await _http.GetAsync(new Uri($"{url}/v1/responses/{id}"));
            if (!answer.IsSuccessStatusCode)
            {
                return await CodeOfAsync(answer);
            }

            switch ((await ReadAsync(answer)).GetProperty("status").GetString())
            {
                case "completed":
                    return null;
                case "queued" or "in_progress":
                    await Task.Delay(PollEvery);
                    break;
                case var status:
                    return "background " + status;
            }
        }
    }

    private static async Task<string> CodeOfAsync(HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {(await ReadAsync(answer)).GetProperty("error").GetProperty("code").GetString()}";

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
