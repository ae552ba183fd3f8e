using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>Calls of Discord's HTTP API.</summary>
internal sealed class DiscordApi(ChannelHttp http, GatewayConfigStore config, TimeProvider time)
{
    private static readonly TimeSpan UploadTime = TimeSpan.FromMinutes(2);

    private static readonly string Version = typeof(DiscordApi).Assembly.GetName().Version?.ToString(3) ?? "0";

    private readonly DiscordLimits _limits = new(time);

    /// <summary>Sends or changes a message.</summary>
    /// <param name="path">Below the address of the API.</param>
    /// <param name="hasToken">Whether the bot's token goes with it; paths with an interaction's token need none.</param>
    /// <exception cref="DiscordException">It was refused, or not answered.</exception>
    public Task SendAsync(
        DiscordSection section, HttpMethod method, string path, bool hasToken, DiscordContent content, OutboundFile? file,
        CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return CallAsync(
                section, method, path, hasToken, JsonContent.Create(content, DiscordJson.Default.DiscordContent), Limit, cancellationToken);
        }

        var described = content with { Attachments = [new DiscordUpload(0, file.Name)] };
        var form = new MultipartFormDataContent
        {
            {
                new StringContent(
                    JsonSerializer.Serialize(described, DiscordJson.Default.DiscordContent), Encoding.UTF8, "application/json"),
                "payload_json"
            },
            {
                new ByteArrayContent(file.Bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(file.MediaType) } }, "files[0]",
                file.Name
            },
        };
        return CallAsync(section, method, path, hasToken, form, UploadTime, cancellationToken);
    }

    /// <summary>Makes <see cref="DiscordCommand.All"/> the commands of the application, in all guilds.</summary>
    /// <exception cref="DiscordException">It was refused, or not answered.</exception>
    public Task RegisterCommandsAsync(DiscordSection section, CancellationToken cancellationToken) => CallAsync(
        section, HttpMethod.Put, $"/applications/{section.ApplicationId}/commands", hasToken: true,
        JsonContent.Create(DiscordCommand.All, DiscordJson.Default.IReadOnlyListDiscordCommand), Limit, cancellationToken);

    /// <summary>Whether a file's address is Discord's own: its CDN, or the host of the configured API.</summary>
    public static bool IsOwn(DiscordSection section, string address, out Uri uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri!)
        && (uri is { Scheme: "https", IsDefaultPort: true, Host: "cdn.discordapp.com" or "media.discordapp.net" }
            || (new Uri(section.ApiUrl) is var api && uri.Scheme == api.Scheme && uri.Authority == api.Authority));

    private TimeSpan Limit => TimeSpan.FromMilliseconds(config.Current.Gateway.Webhooks.Timeout);

    private async Task CallAsync(
        DiscordSection section, HttpMethod method, string path, bool hasToken, HttpContent content, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, section.ApiUrl + path) { Content = content };
        var route = $"{section.ApplicationId} {method} {path}";
        if (_limits.PauseOf(route) is { } pause)
        {
            throw new DiscordException(429, 0, new SendOutcome.Later(pause));
        }

        request.Headers.Authorization = hasToken ? new AuthenticationHeaderValue("Bot", section.Token) : null;
        request.Headers.UserAgent.Clear(); // Discord asks for this form
        request.Headers.TryAddWithoutValidation(
            "User-Agent", $"DiscordBot ({config.Current.Gateway.PublicUrl ?? "https://localhost"}, {Version})");
        try
        {
            using var answer = await http.For(request.RequestUri!).SendAsync(request, both.Token);
            _limits.Note(route, answer.Headers);
            if (!answer.IsSuccessStatusCode)
            {
                throw await FailAsync(route, answer, both.Token);
            }
        }
        catch (HttpRequestException failure)
        {
            throw new DiscordException(0, 0, ChannelHttp.WasNotSent(failure) ? new SendOutcome.Failed("Discord could not be reached")
                : new SendOutcome.Unanswered("Discord did not answer"));
        }
        catch (Exception failure) when (failure is IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DiscordException(0, 0, new SendOutcome.Unanswered("Discord did not answer"));
        }
    }

    private async Task<DiscordException> FailAsync(string route, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        var error = await ReadErrorAsync(answer, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
        {
            var seconds = error?.RetryAfter ?? answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 5;
            _limits.Close(route, seconds, error?.Global == true);
            return new DiscordException(status, 0, new SendOutcome.Later(TimeSpan.FromSeconds(Math.Max(seconds, 0.1))));
        }

        var reason = $"Discord answered {status}{(error is { Code: > 0 } ? $" (code {error.Code})" : "")}";
        return new DiscordException(
            status, error?.Code ?? 0, status >= 500 ? new SendOutcome.Failed(reason) : new SendOutcome.Refused(reason));
    }

    private static async Task<DiscordError?> ReadErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(body, DiscordJson.Default.DiscordError);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or HttpRequestException)
        {
            return null; // a page of a proxy in front
        }
    }
}

/// <summary>A call that did not succeed.</summary>
/// <param name="status">HTTP; 0 without an answer.</param>
/// <param name="code">Discord's number of the error; 0 for none.</param>
/// <param name="outcome">What it means for a message that was to be sent.</param>
internal sealed class DiscordException(int status, int code, SendOutcome outcome) : SendException(outcome)
{
    public int Status { get; } = status;

    public int Code { get; } = code;
}
