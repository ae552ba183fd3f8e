using System.Globalization;
using OpenClaw.Configuration;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>What <c>dev</c> shows once it serves: where, with which token, and three calls that work when pasted.</summary>
public static class DevBanner
{
    /// <param name="azurite">Folder of the emulator's data; null when a storage account is configured.</param>
    public static string Write(GatewayConfig config, int port, string? azurite)
    {
        var url = $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}";
        var secret = config.Gateway.Auth.Token ?? config.Gateway.Auth.Password ?? "";
        var models = config.Models.Providers.Count == 0
            ? "the built-in echo model (set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY for a real one)"
            : string.Join(", ", config.Models.Providers.Keys);
        return $$"""

            OpenClaw Functions is up.

              Gateway   {{url}}   (OpenAI base URL: {{url}}/v1)
              Token     {{secret}}
              Models    {{models}}
              Storage   {{(azurite is null ? "the configured account" : $"Azurite, data in {azurite}")}}

            Try it:

              curl {{url}}/v1/models -H "Authorization: Bearer {{secret}}"

              curl {{url}}/v1/chat/completions -H "Authorization: Bearer {{secret}}" -H "Content-Type: application/json" -d '{"model":"openclaw","messages":[{"role":"user","content":"Hello there"}]}'

              curl -N {{url}}/v1/chat/completions -H "Authorization: Bearer {{secret}}" -H "Content-Type: application/json" -d '{"model":"openclaw","stream":true,"user":"me","messages":[{"role":"user","content":"Hello again"}]}'

            Stop with Ctrl-C. The next start goes on with the same data and token.

            """;
    }
}
