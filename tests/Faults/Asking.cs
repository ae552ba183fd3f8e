using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;

namespace OpenClaw.Tests.Faults;

/// <summary>The durable ways to ask a session.</summary>
public enum Way
{
    /// <summary>A chat completion; who gets no answer knows nothing.</summary>
    Chat,

    /// <summary>The same with an idempotency key: it may be asked again.</summary>
    Idempotent,

    /// <summary>A background response, accepted under an idempotency key and followed to its end.</summary>
    Background,
}

/// <summary>What a caller got: the agent's words, or the code of an error.</summary>
internal sealed record Heard(HttpStatusCode Status, string Text)
{
    public bool IsAnswer => Status == HttpStatusCode.OK;
}

/// <summary>Asks a gateway through its front doors.</summary>
internal static class Asking
{
    public const string Model = "mock/m";

    /// <param name="text">Also the idempotency key, where there is one.</param>
    public static async Task<Heard> AskAsync(this HttpClient client, Way way, string session, string text)
    {
        if (way != Way.Background)
        {
            var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text });
            return await client.SendAsync(
                "/v1/chat/completions", session, way == Way.Chat ? null
                    : text, new JsonObject { ["model"] = Model, ["messages"] = messages },
                body => body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);
        }

        var accepted = await client.AcceptAsync(session, text);
        return accepted.IsAnswer ? await client.FollowAsync(accepted.Text) : accepted;
    }

    /// <summary>Has a background response accepted; its id is the text.</summary>
    public static Task<Heard> AcceptAsync(this HttpClient client, string session, string text) => client.SendAsync(
        "/v1/responses", session, text, new JsonObject { ["model"] = Model, ["input"] = text, ["background"] = true }, body => body.Id());

    /// <summary>Follows a background response to its end.</summary>
    public static async Task<Heard> FollowAsync(this HttpClient client, string id)
    {
        using var answer = await client.GetAsync($"/v1/responses/{id}?stream=true");
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return new Heard(answer.StatusCode, CodeOf(JsonElement.Parse(text)));
        }

        var events = ResponsesGateway.Events(text);
        var end = events[^1].GetProperty("response");
        Xunit.Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        if (end.Status() == "completed")
        {
            return new Heard(HttpStatusCode.OK, end.Text());
        }

        var code = CodeOf(end);
        return new Heard(code == "storage_unavailable" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.InternalServerError, code);
    }

    private static async Task<Heard> SendAsync(
        this HttpClient client, string path, string session, string? key, JsonObject body, Func<JsonElement, string> read)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, path)
        { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("x-openclaw-session-key", session);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key[..Math.Min(key.Length, 200)]);
        }

        using var answer = await client.SendAsync(request);
        var json = await answer.ReadJsonAsync();
        return new Heard(answer.StatusCode, answer.IsSuccessStatusCode ? read(json) : CodeOf(json));
    }

    private static string CodeOf(JsonElement body) => body.GetProperty("error").GetProperty("code").GetString()!;
}
