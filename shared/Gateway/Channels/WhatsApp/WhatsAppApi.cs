using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels.WhatsApp;

/// <summary>Calls of Meta's Graph API for one phone number.</summary>
internal sealed class WhatsAppApi(ChannelHttp http, GatewayConfigStore config, TimeProvider time)
{
    private static readonly TimeSpan UploadTime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(5);

    /// <summary>Meta's numbers for requests that came too soon, whatever the status.</summary>
    private static readonly int[] TooMany = [4, 80007, 130429, 131056];

    private TimeSpan Limit => TimeSpan.FromMilliseconds(config.Current.Gateway.Webhooks.Timeout);

    /// <summary>Sends a message, or marks one as read.</summary>
    /// <exception cref="SendException">It was refused, or not answered.</exception>
    public Task SendAsync(WhatsAppSection section, WhatsAppRequest request, CancellationToken cancellationToken) => CallAsync(
        section, HttpMethod.Post, $"{section.PhoneNumberId}/messages",
        JsonContent.Create(request, WhatsAppJson.Default.WhatsAppRequest), Limit, cancellationToken);

    /// <returns>The id of the file at the platform.</returns>
    /// <exception cref="SendException">It was refused, or not answered: nobody has seen the file then.</exception>
    public async Task<string> UploadAsync(WhatsAppSection section, OutboundFile file, CancellationToken cancellationToken)
    {
        var type = MediaTypeHeaderValue.Parse(file.MediaType);
        var form = new MultipartFormDataContent
        {
            { new StringContent("whatsapp"), "messaging_product" },
            { new StringContent(file.MediaType), "type" },
            { new ByteArrayContent(file.Bytes) { Headers = { ContentType = type } }, "file", file.Name },
        };
        try
        {
            var answer = await CallAsync(
                section, HttpMethod.Post, $"{section.PhoneNumberId}/media", form, UploadTime, cancellationToken);
            return answer.Id ?? throw new SendException(new SendOutcome.Refused("WhatsApp gave the file no id"));
        }
        catch (SendException failure) when (failure.Outcome is SendOutcome.Unanswered)
        {
            throw new SendException(new SendOutcome.Failed("the file could not be uploaded"));
        }
    }

    /// <summary>What is known of a file or of the own number.</summary>
    /// <exception cref="SendException">It was refused, or not answered.</exception>
    public Task<WhatsAppAnswer> FindAsync(WhatsAppSection section, string id, CancellationToken cancellationToken) =>
        CallAsync(section, HttpMethod.Get, Uri.EscapeDataString(id), null, Limit, cancellationToken);

    /// <summary>Whether a file's address is Meta's own: <c>lookaside.fbsbx.com</c>, or the host of the configured API.</summary>
    public static bool IsOwn(WhatsAppSection section, string? address, out Uri uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri!)
        && (uri is { Scheme: "https", IsDefaultPort: true, Host: "lookaside.fbsbx.com" }
            || (new Uri(section.ApiUrl) is var api && uri.Scheme == api.Scheme && uri.Authority == api.Authority));

    private async Task<WhatsAppAnswer> CallAsync(
        WhatsAppSection section, HttpMethod method, string path, HttpContent? content, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, $"{section.ApiUrl}/{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", section.AccessToken);
        try
        {
            using var answer = await http.For(request.RequestUri!).SendAsync(request, both.Token);
            var read = await ReadAsync(answer, both.Token);
            return answer.IsSuccessStatusCode && read is not null ? read : throw new SendException(OutcomeOf(answer, read));
        }
        catch (HttpRequestException failure)
        {
            throw new SendException(ChannelHttp.WasNotSent(failure) ? new SendOutcome.Failed("WhatsApp could not be reached")
                : new SendOutcome.Unanswered("WhatsApp did not answer"));
        }
        catch (Exception failure) when (failure is IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SendException(new SendOutcome.Unanswered("WhatsApp did not answer"));
        }
    }

    private static SendOutcome OutcomeOf(HttpResponseMessage answer, WhatsAppAnswer? read)
    {
        var (status, code) = ((int)answer.StatusCode, read?.Error?.Code ?? 0);
        var reason = $"WhatsApp answered {status}{(code > 0 ? $" (code {code})" : "")}";
        return status switch
        {
            429 => new SendOutcome.Later(answer.Headers.RetryAfter?.Delta ?? DefaultPause),
            _ when TooMany.Contains(code) => new SendOutcome.Later(answer.Headers.RetryAfter?.Delta ?? DefaultPause),
            < 300 => new SendOutcome.Unanswered("WhatsApp's answer is not JSON"),
            >= 500 => new SendOutcome.Failed(reason),
            _ => new SendOutcome.Refused(reason),
        };
    }

    private static async Task<WhatsAppAnswer?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, WhatsAppJson.Default.WhatsAppAnswer, cancellationToken);
        }
        catch (JsonException)
        {
            return null; // a page of a proxy in front
        }
    }
}
