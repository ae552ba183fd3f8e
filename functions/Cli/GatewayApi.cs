using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Functions.Cli;

/// <summary>The HTTP API of a running gateway, for commands. Redirects are not followed: they would carry the token elsewhere.</summary>
internal sealed class GatewayApi : IDisposable
{
    private readonly HttpClient _client;

    private GatewayApi(HttpClient client) => _client = client;

    /// <param name="url">Base URL; null is the gateway on this machine, on the port of the configuration.</param>
    /// <param name="token">Null is the one of the configuration.</param>
    /// <exception cref="GatewayApiException">The URL is none.</exception>
    public static GatewayApi Open(GatewayConfig config, string? url, string? token)
    {
        var host = IPAddress.TryParse(config.Gateway.Bind, out var bound) ? new UriBuilder { Host = bound.ToString() }.Host : "127.0.0.1";
        var address = (url ?? $"http://{host}:{SelfHostOptions.ChoosePort(null, config)}").TrimEnd('/') + "/";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https"))
        {
            throw new GatewayApiException($"'{url}' is not a URL such as https://gateway.example.");
        }

        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !origin.IsLoopback })
        {
            BaseAddress = origin,
            Timeout = TimeSpan.FromSeconds(60), // a cloud app may have to start
        };
        client.DefaultRequestHeaders.Authorization =
            (token ?? config.Gateway.Auth.Token ?? config.Gateway.Auth.Password) is { } secret
                ? new AuthenticationHeaderValue("Bearer", secret) : null;
        return new GatewayApi(client);
    }

    /// <returns>The <c>data</c> of the answer.</returns>
    /// <exception cref="GatewayApiException">The gateway refused it, or did not answer.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public Task<JsonElement> PostAsync(string path, byte[] json, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        }, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var answer = await _client.SendAsync(request, cancellationToken);
                var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                var root = JsonElement.Parse(body);
                return answer.IsSuccessStatusCode ? root.GetProperty("data")
                    : throw new GatewayApiException(
                        $"The gateway answered {(int)answer.StatusCode}: {root.GetProperty("error").GetProperty("message").GetString()}");
            }
            catch (HttpRequestException)
            {
                throw new GatewayApiException(
                    $"No gateway answers at {_client.BaseAddress}. Start it, or say where it is: --url https://….");
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new GatewayApiException($"What answers at {_client.BaseAddress} is not a gateway.");
            }
        }
    }
}

/// <summary>A failure to print for the user.</summary>
internal sealed class GatewayApiException(string message) : Exception(message);
