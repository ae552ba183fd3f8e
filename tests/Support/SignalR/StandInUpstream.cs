using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>Calls the gateway about clients, as the upstream setting of a service says.</summary>
/// <param name="gateway">The gateway; ends with a slash.</param>
/// <param name="query">Appended to the URL, such as <c>?code=…</c>.</param>
/// <param name="token">The token of the service's managed identity; null for none.</param>
public sealed class StandInUpstream(Uri gateway, string query = "", string? token = null) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>What was sent, for a test that sends it again.</summary>
    public ConcurrentQueue<ServiceEvent> Sent { get; } = new();

    /// <summary>Changes each request before it is sent.</summary>
    public Func<ServiceEvent, ServiceEvent>? Change { get; set; }

    /// <returns>The result of an invocation.</returns>
    /// <exception cref="InvalidOperationException">The completion has an error, or the answer is none.</exception>
    public async Task<JsonElement?> SendAsync(StandInClient client, string category, string name, string body, string? invocationId)
    {
        var request = new ServiceEvent($"signalr/upstream/openclaw/{category}/{name}{query}", body, "application/json", new()
        {
            ["X-ASRS-Connection-Id"] = client.Id,
            ["X-ASRS-Hub"] = "openclaw",
            ["X-ASRS-Category"] = category,
            ["X-ASRS-Event"] = name,
            ["X-ASRS-User-Id"] = client.User,
            ["X-ASRS-User-Claims"] = client.Claims,
            ["X-ASRS-Signature"] = $"sha256={Signature(client.Id)},sha256={new string('0', 64)}",
        });
        request = Change?.Invoke(request) ?? request;
        Sent.Enqueue(request);
        using var answer = await PostAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The upstream answered {(int)answer.StatusCode}: {text}");
        }

        if (invocationId is null)
        {
            return text.Length == 0 ? null
                : throw new InvalidOperationException($"An event without an invocation was answered with '{text}'.");
        }

        if (!text.EndsWith('\u001e') || answer.Content.Headers.ContentType?.MediaType != "application/json")
        {
            throw new InvalidOperationException($"The completion is no message of the hub protocol: '{text}'.");
        }

        var completion = JsonElement.Parse(text.TrimEnd('\u001e'));
        if (completion.GetProperty("type").GetInt32() != 3 || completion.GetProperty("invocationId").GetString() != invocationId)
        {
            throw new InvalidOperationException($"Not the completion of {invocationId}: '{text}'.");
        }

        return completion.TryGetProperty("error", out var error) ? throw new InvalidOperationException(error.GetString())
            : completion.TryGetProperty("result", out var result) ? result : null;
    }

    /// <summary>Sends a request as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(ServiceEvent request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, request.Path))
        {
            Content = new StringContent(request.Body, Encoding.UTF8, request.ContentType),
        };
        foreach (var (header, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(header, value);
        }

        if (token is not null && !request.Headers.ContainsKey("Authorization"))
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await _http.SendAsync(message);
    }

    public static string Signature(string connectionId) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(SignalRStandIn.AccessKey), Encoding.UTF8.GetBytes(connectionId)));

    public void Dispose() => _http.Dispose();
}

/// <summary>One call of the service.</summary>
public sealed record ServiceEvent(string Path, string Body, string ContentType, Dictionary<string, string> Headers);
