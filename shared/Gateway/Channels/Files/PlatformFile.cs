using System.Net.Http.Headers;
using OpenClaw.Gateway.Channels.Inbound;

namespace OpenClaw.Gateway.Channels.Files;

/// <summary>Loads files from a platform's own hosts.</summary>
internal static class PlatformFile
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="address">Of the platform; the caller has checked its host. Redirects are not followed.</param>
    /// <param name="token">Sent as Bearer; null for none.</param>
    /// <param name="most">Bytes.</param>
    /// <returns>Null when it cannot be had, or is larger.</returns>
    public static async Task<InboundContent?> ReadAsync(
        ChannelHttp http, Uri address, string? token, long most, InboundFile file, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.For(address).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentLength > most || IsLoginPage(type, file.MediaType))
        {
            return null;
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(both.Token);
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, both.Token)) > 0;)
        {
            content.Write(buffer, 0, count);
            if (content.Length > most)
            {
                return null;
            }
        }

        return new InboundContent(content.ToArray(), type, file.Name);
    }

    /// <summary>Slack answers 200 with a page to who may not read a file.</summary>
    private static bool IsLoginPage(string? answered, string? announced) => answered == "text/html" && announced != "text/html";
}
