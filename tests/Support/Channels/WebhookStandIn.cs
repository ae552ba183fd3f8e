using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>A receiver of signed webhooks (standardwebhooks.com). It takes each message once.</summary>
public sealed class WebhookStandIn : PlatformStandIn
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly Dictionary<string, JsonElement> _messages = [];

    public string Url => Origin + "/inbox";

    /// <summary>Bodies by their ids, in order of arrival.</summary>
    public IReadOnlyList<JsonElement> Messages
    {
        get
        {
            lock (State)
            {
                return [.. _messages.Values];
            }
        }
    }

    public static async Task<WebhookStandIn> StartAsync()
    {
        var receiver = new WebhookStandIn();
        await receiver.ListenAsync();
        return receiver;
    }

    protected override string OperationOf(HttpRequest request) => request.Path.Value!.TrimStart('/');

    private protected override string? ChatOf(PlatformCall call) => null;

    protected override PlatformAnswer TooManyRequests(double retryAfterSeconds) => new(
        429, null, [("Retry-After", Math.Ceiling(retryAfterSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    protected override PlatformAnswer ServerError(int status) => new(status, null);

    private protected override PlatformAnswer Answer(PlatformCall call)
    {
        var signed = new StandardWebhook(Secret).Verify(
            new EventHeaders(name => call.Headers.TryGetValue(name, out var value) ? [value] : []), call.Body,
            TimeProvider.System.GetUtcNow());
        if (signed?.Id is not { } id || call is not { Method: "POST", IsJson: true })
        {
            return new(401, null);
        }

        _messages.TryAdd(id, JsonElement.Parse(call.Body));
        return new(204, null);
    }
}
