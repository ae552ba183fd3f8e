using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>Calls of Slack's Web API. All parameters go as a form, which every method takes.</summary>
internal sealed class SlackApi(ChannelHttp http, GatewayConfigStore config, TimeProvider time)
{
    /// <summary>The host of files.</summary>
    public const string Files = "files.slack.com";

    /// <summary>The host of response URLs.</summary>
    public const string Hooks = "hooks.slack.com";

    private static readonly TimeSpan UploadTime = TimeSpan.FromMinutes(2);

    /// <summary>Errors after which a call may be repeated. Slack may have done what was asked.</summary>
    private static readonly string[] Passing = ["internal_error", "fatal_error", "service_unavailable", "request_timeout"];

    private readonly ConcurrentDictionary<string, string> _users = new(StringComparer.Ordinal);

    private TimeSpan Limit => TimeSpan.FromMilliseconds(config.Current.Gateway.Webhooks.Timeout);

    /// <summary>One call. Parameters that are null are left out.</summary>
    /// <exception cref="SlackException">It was refused, or not answered.</exception>
    public Task<SlackAnswer> CallAsync(
        SlackSection section, string method, CancellationToken cancellationToken,
        params IReadOnlyList<(string Name, string? Value)> parameters)
    {
        var form = parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value));
        return SendAsync(
            new Uri(section.ApiUrl + method), section.BotToken, new FormUrlEncodedContent(form), Limit, ReadAnswerAsync, cancellationToken);
    }

    /// <summary>Answers a command by its response URL.</summary>
    /// <exception cref="SlackException">It was refused, or not answered.</exception>
    public Task RespondAsync(Uri address, SlackResponse response, CancellationToken cancellationToken) => SendAsync(
        address, token: null, new StringContent(
            JsonSerializer.Serialize(response, SlackJson.Default.SlackResponse), Encoding.UTF8, "application/json"),
        Limit, static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>The second of the three steps of an upload.</summary>
    /// <exception cref="SlackException">It was refused, or not answered.</exception>
    public Task UploadAsync(Uri address, byte[] bytes, CancellationToken cancellationToken) => SendAsync(
        address, token: null, new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } }, UploadTime,
        static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>The id of the app's own user; asked once for each token.</summary>
    /// <exception cref="SlackException">It could not be had.</exception>
    public async ValueTask<string> FindUserAsync(SlackSection section, CancellationToken cancellationToken)
    {
        if (_users.GetValueOrDefault(section.BotToken!) is { } known)
        {
            return known;
        }

        var answer = await CallAsync(section, "auth.test", cancellationToken);
        return _users[section.BotToken!] = answer.UserId ?? "";
    }

    /// <summary>Whether an address is Slack's own: at <paramref name="host"/>, or at the host of the configured API.</summary>
    /// <param name="host"><see cref="Files"/> or <see cref="Hooks"/>.</param>
    public static bool IsOwn(SlackSection section, string address, string host, out Uri uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri!)
        && ((uri is { Scheme: "https", IsDefaultPort: true } && uri.Host == host)
            || (new Uri(section.ApiUrl) is var api && uri.Scheme == api.Scheme && uri.Authority == api.Authority));

    private async Task<T> SendAsync<T>(
        Uri address, string? token, HttpContent content, TimeSpan limit,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await http.For(address).SendAsync(request, both.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.TooManyRequests => throw new SlackException(
                    "ratelimited", new SendOutcome.Later(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(5))),
                >= HttpStatusCode.InternalServerError => throw new SlackException(
                    null, new SendOutcome.Unanswered($"Slack answered {(int)answer.StatusCode}")),
                >= HttpStatusCode.Ambiguous => throw new SlackException(
                    null, new SendOutcome.Refused($"Slack answered {(int)answer.StatusCode}")),
                _ => await read(answer, both.Token),
            };
        }
        catch (HttpRequestException failure)
        {
            throw new SlackException(null, ChannelHttp.WasNotSent(failure) ? new SendOutcome.Failed("Slack could not be reached")
                : new SendOutcome.Unanswered("Slack did not answer"));
        }
        catch (Exception failure) when (failure is JsonException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SlackException(null, new SendOutcome.Unanswered("Slack did not answer"));
        }
    }

    private static async Task<SlackAnswer> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var answer = await JsonSerializer.DeserializeAsync(stream, SlackJson.Default.SlackAnswer, cancellationToken)
            ?? throw new JsonException("The answer is null.");
        return answer.Ok ? answer : throw new SlackException(answer.Error, answer.Error switch
        {
            "ratelimited" or "rate_limited" => new SendOutcome.Later(TimeSpan.FromSeconds(5)),
            { } error when Passing.Contains(error) => new SendOutcome.Unanswered($"Slack answered {error}"),
            _ => new SendOutcome.Refused($"Slack answered {answer.Error}"),
        });
    }
}

/// <summary>A call of the Web API that did not succeed.</summary>
/// <param name="error">Slack's name for it, such as <c>channel_not_found</c>; null when there was no answer.</param>
/// <param name="outcome">What it means for a message that was to be sent.</param>
internal sealed class SlackException(string? error, SendOutcome outcome) : SendException(outcome)
{
    public string? Error { get; } = error;
}
