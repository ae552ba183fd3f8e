using System.Text;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>Secrets of hooks, right and wrong ones, and what callers say, in no log line, answer or request to others.</summary>
[Trait("Feature", "T34")]
public class HookSecretTests(AzuriteFixture azurite)
{
    private const string SignatureSecret = "canary-signature-5512c0";

    [Fact]
    [Trait("Feature", "T11")]
    public async Task Nothing_secret_is_told_whatever_a_call_does()
    {
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("results.example.com", context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount,
            $$"""
            callbackSecret: '{{HookGateway.CallbackSecret}}', allowPathToken: true, allowQueryToken: true,
            mappings: [{ id: 'gh', match: { path: 'github' }, signature: { scheme: 'github', secret: '{{SignatureSecret}}' } }]
            """,
            services: internet.Install);
        var told = new StringBuilder();
        const string body = """{"message":"canary-body-77","callbackUrl":"https://results.example.com/?key=canary-url-31"}""";
        await TellAsync("/hooks/agent", body);
        await TellAsync("/hooks/agent", body, ("Authorization", "Bearer canary-wrong-header"));
        await TellAsync("/hooks/agent", body, ("Authorization", ""), ("X-OpenClaw-Token", "canary-wrong-own-header"));
        await TellAsync($"/hooks/{HookGateway.Token}/agent", body, ("Authorization", ""));
        await TellAsync("/hooks/canary-wrong-path/agent", body, ("Authorization", ""));
        await TellAsync($"/hooks/agent?token={HookGateway.Token}", body, ("Authorization", ""));
        await TellAsync("/hooks/agent?token=canary-wrong-query", body, ("Authorization", ""));
        await TellAsync("/hooks/github", body, ("X-Hub-Signature-256", "sha256=" + new string('c', 64)));
        await TellAsync("/hooks/agent", """{"message":"x","callbackUrl":"https://canary-user:canary-pass@example.com/"}""");
        await TellAsync("/hooks/agent", """{"message":"canary-cut""");
        while (gateway.Host.Log.Split("undelivered_reply").Length < 4) // the three calls with the right token
        {
            await TellAsync("/hooks/none", "{}");
        }

        told.Append(gateway.Host.Log);
        string[] secrets = [HookGateway.Token, HookGateway.CallbackSecret["whsec_".Length..], SignatureSecret, GatewayHost.Token];
        Assert.All([.. secrets, "canary-"], secret => Assert.DoesNotContain(secret, told.ToString(), StringComparison.Ordinal));

        Assert.Equal((3, 3), (gateway.Upstream.Requests.Count, internet.Requests.Count));
        var sent = string.Concat(internet.Requests.Select(r => string.Concat(r.Headers.Values) + r.Body))
            + string.Concat(gateway.Upstream.Requests.Select(r => r.Body.GetRawText()));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, sent, StringComparison.Ordinal));

        async Task TellAsync(string path, string text, params (string Name, string Value)[] headers)
        {
            using var answer = await gateway.PostAsync(path, text, headers);
            told.AppendLine(answer.Headers.ToString()).AppendLine(
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
