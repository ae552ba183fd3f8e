using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Security.Signatures;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>Mappings over HTTP: templates, lists, transforms and signatures.</summary>
[Trait("Feature", "F72")]
public class HookMappingTests(AzuriteFixture azurite) : IDisposable
{
    private const string Secret = "It's a Secret to Everybody";

    private readonly DirectoryInfo _transforms = Directory.CreateTempSubdirectory("hooks");

    public void Dispose()
    {
        _transforms.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_first_mapping_that_fits_turns_the_call_into_a_message()
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount,
            """
            mappings: [
              { match: { path: 'mail', source: 'gmail' }, messageTemplate: 'Gmail {{messages[0].subject}}', allowUnsafeExternalContent: true },
              { match: { path: '/mail' }, messageTemplate: '{{path}} {{headers.x-event}} {{query.q}} {{payload.user}}', name: 'Mail' },
              { match: { path: 'agent' }, messageTemplate: 'never' },
            ]
            """);
        await RunAsync(gateway, "/hooks/mail", """{"source":"gmail","messages":[{"subject":"{{path}} {{secret}}"}]}""");
        await RunAsync(gateway, "/hooks/mail?q=a+b", """{"user":{"name":"Ann"},"source":"other"}""", ("X-Event", "push"));
        await RunAsync(gateway, "/hooks/agent", """{"message":"direct"}""");
        Assert.Equal("Gmail {{path}} {{secret}}", gateway.Asked[0]); // values are no templates
        Assert.Contains("Hook: Mail\n---\nmail push a b {\"name\":\"Ann\"}\n<<<END", gateway.Asked[1], StringComparison.Ordinal);
        Assert.Contains("\ndirect\n", gateway.Asked[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_that_is_named_like_the_token_does_not_take_its_place()
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount,
            $"allowPathToken: true, mappings: [{{ match: {{ path: '{HookGateway.Token}' }}, messageTemplate: 'mapped' }}, "
            + $"{{ match: {{ path: '{HookGateway.Token}/agent' }}, messageTemplate: 'mapped' }}]");
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync($"/hooks/{HookGateway.Token}", "{}", ("Authorization", "")));
        await gateway.PostOkAsync(
            $"/hooks/{HookGateway.Token}/agent", """{"message":"direct","waitForResult":true}""", ("Authorization", ""));
        Assert.Contains("\ndirect\n", Assert.Single(gateway.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_element_of_a_list_becomes_a_run()
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount,
            "mappings: [{ match: { path: 'list' }, forEach: 'payload.items', messageTemplate: 'Item {{item.n}} of {{total}}', allowUnsafeExternalContent: true }]");
        var body = """{"total":3,"items":[{"n":1},{"n":2},{"n":3}]}""";
        var answer = await gateway.PostOkAsync("/hooks/list", body, ("Idempotency-Key", "k"));
        var ids = answer.GetProperty("runIds").EnumerateArray().Select(id => id.GetString()!).ToList();
        Assert.Equal(
            (ids[0], 3, 3), (answer.GetProperty("runId").GetString(), ids.Distinct().Count(), answer.GetProperty("dispatched").GetInt32()));
        var again = await gateway.PostOkAsync("/hooks/list", body, ("Idempotency-Key", "k"));
        Assert.Equal(ids, again.GetProperty("runIds").EnumerateArray().Select(id => id.GetString()));
        foreach (var id in ids)
        {
            Assert.Equal("completed", (await gateway.EndOfAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal(["Item 1 of 3", "Item 2 of 3", "Item 3 of 3"], gateway.Asked.Order());
        foreach (var nothing in new[] { """{"items":[]}""", """{"items":"x"}""", "{}", "[]" })
        {
            using var empty = await gateway.PostAsync("/hooks/list", nothing);
            Assert.Equal(HttpStatusCode.NoContent, empty.StatusCode);
        }

        Assert.Equal(
            (400, "invalid_request"), await gateway.PostFailureAsync(
                "/hooks/list", $$"""{"items":[{{string.Join(',', Enumerable.Repeat("1", 201))}}]}"""));
        Assert.Equal(3, gateway.Asked.Count);
    }

    [Fact]
    public async Task A_transform_decides_what_the_call_becomes()
    {
        await using var gateway = await StartWithAsync("""
            export default ({ payload, headers, path }) => payload.skip ? null
              : { message: `${path}: ${payload.text} ${headers['x-event']} ${headers.authorization ?? '-'}`, name: 'T' };
            """);
        await RunAsync(gateway, "/hooks/t", """{"text":"hi"}""", ("X-Event", "e"));
        Assert.Contains("Hook: T\n---\nt: hi e -\n", Assert.Single(gateway.Asked), StringComparison.Ordinal);
        using var skipped = await gateway.PostAsync("/hooks/t", """{"skip":true}""");
        Assert.Equal(HttpStatusCode.NoContent, skipped.StatusCode);
    }

    [Theory]
    [InlineData("export default () => { throw new Error('canary-1'); }")]
    [InlineData("export default () => { for (;;) {} }")]
    [InlineData("export default () => { const all = []; for (;;) all.push(new Array(1000).fill(0)); }")]
    [InlineData("export default () => { let s = 'x'; for (;;) s += s; }")]
    [InlineData("export default () => fetch('http://127.0.0.1/canary-1')")]
    [InlineData("import fs from 'fs'; export default () => fs.readFileSync('/etc/passwd', 'utf8');")]
    [InlineData("export default async () => (await import('./other.js')).canary;")]
    [InlineData("export default () => System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("export default () => require('child_process').execSync('id')")]
    [InlineData("export default () => eval('1')")]
    [InlineData("export default () => 'text'")]
    [InlineData("export default () => ({ action: 'dance', message: 'x' })", 400, "invalid_value")]
    [InlineData("export default () => ({ action: 'agent', message: 'x', agentId: 'nobody' })", 400, "invalid_value")]
    [InlineData("export default () => ({ message: 'x', sessionKey: 'agent:main:main' })", 400, "invalid_session_key")]
    [InlineData("this is no JavaScript")]
    public async Task A_transform_that_misbehaves_ends_within_its_limits_and_starts_nothing(
        string source, int status = 500, string code = "transform_failed")
    {
        await using var gateway = await StartWithAsync(source);
        using var answer = await gateway.PostAsync("/hooks/t", "{}");
        Assert.Equal((status, code), await HookGateway.ReadFailureAsync(answer));
        Assert.DoesNotContain(
            "canary", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var health = await gateway.Host.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Empty(gateway.Asked);
    }

    [Fact]
    public async Task A_transform_outside_its_directory_is_none()
    {
        File.WriteAllText(Path.Combine(_transforms.FullName, "..", _transforms.Name + ".js"), "export default () => ({ message: 'x' })");
        try
        {
            await using var gateway = await HookGateway.StartAsync(
                azurite.StorageAccount, Mapping($"../{_transforms.Name}.js"));
            Assert.Equal((500, "transform_failed"), await gateway.PostFailureAsync("/hooks/t", "{}"));
        }
        finally
        {
            File.Delete(Path.Combine(_transforms.FullName, "..", _transforms.Name + ".js"));
        }
    }

    [Fact]
    [Trait("Feature", "T17")]
    public async Task A_signed_event_is_taken_once_however_its_signature_is_written()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, Signed("github", Secret), prefix: prefix);
        const string body = """{"zen":"Keep it logically awesome."}""";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));
        (string, string)[] headers = [("Authorization", ""), ("X-GitHub-Delivery", "d-1"), ("X-Hub-Signature-256", "sha256=" + signature)];
        var first = await gateway.PostOkAsync("/hooks/signed", body, headers);
        var again = await gateway.PostOkAsync("/hooks/signed", body, [.. headers, ("X-GitHub-Event", "ping")]);
        Assert.Equal(
            (401, "invalid_api_key"),
            await gateway.PostFailureAsync(
                "/hooks/signed", body, ("Authorization", ""), ("X-Hub-Signature-256", "sha256=" + signature.ToUpperInvariant())));
        await using var other = await HookGateway.StartAsync(azurite.StorageAccount, Signed("github", Secret), prefix: prefix);
        var elsewhere = await other.PostOkAsync("/hooks/signed", body, headers);
        var id = first.GetProperty("runId").GetString();
        Assert.Equal((id, id), (again.GetProperty("runId").GetString(), elsewhere.GetProperty("runId").GetString()));
        await gateway.EndOfAsync(id!);
        Assert.Equal(1, gateway.Asked.Count + other.Asked.Count);
    }

    [Fact]
    public async Task A_mapping_with_a_signature_takes_nothing_else()
    {
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, Signed("github", Secret));
        const string body = "{}";
        var signature = "sha256=" + Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync("/hooks/signed", body)); // the hook token
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync(
            "/hooks/signed", "{ }", ("Authorization", ""), ("X-Hub-Signature-256", signature)));
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync(
            "/hooks/signed", body, ("Authorization", ""), ("X-Hub-Signature-256", signature[..^2])));
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync(
            "/hooks/agent", """{"message":"x"}""", ("Authorization", ""), ("X-Hub-Signature-256", signature)));
        Assert.Equal((400, "invalid_json"), await gateway.PostFailureAsync(
            "/hooks/signed", "x", ("Authorization", ""), ("X-Hub-Signature-256", Sign("x"))));
        Assert.Empty(gateway.Asked);

        static string Sign(string text) =>
            "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    [Trait("Feature", "T17")]
    public async Task Events_of_standard_webhooks_and_stripe_are_taken_within_five_minutes_and_once()
    {
        await using var standard = await HookGateway.StartAsync(
            azurite.StorageAccount, Signed("standard-webhooks", HookGateway.CallbackSecret));
        var signer = new StandardWebhook(HookGateway.CallbackSecret);
        const string body = """{"id":"evt_1","type":"x"}""";
        var now = DateTimeOffset.UtcNow;
        var ids = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            ids.Add((await standard.PostOkAsync("/hooks/signed", body, Headers(now.AddSeconds(i)))).GetProperty("runId").GetString()!);
        }

        Assert.Single(ids);
        Assert.Equal((401, "invalid_api_key"), await standard.PostFailureAsync("/hooks/signed", body, Headers(now.AddMinutes(-6))));

        await using var stripe = await HookGateway.StartAsync(azurite.StorageAccount, Signed("stripe", Secret));
        foreach (var at in new[] { now, now.AddSeconds(1) })
        {
            ids.Add((await stripe.PostOkAsync("/hooks/signed", body, Stripe(at))).GetProperty("runId").GetString()!);
        }

        Assert.Equal(2, ids.Count);
        Assert.Equal((401, "invalid_api_key"), await stripe.PostFailureAsync("/hooks/signed", body, Stripe(now.AddMinutes(-6))));

        (string, string)[] Headers(DateTimeOffset at) =>
        [
            ("Authorization", ""), ("webhook-id", "msg_1"),
            ("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ("webhook-signature", "v1,AAAA " + signer.Sign("msg_1", at, Encoding.UTF8.GetBytes(body))),
        ];

        static (string, string)[] Stripe(DateTimeOffset at)
        {
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{at.ToUnixTimeSeconds()}.{body}"));
            return [("Authorization", ""), ("Stripe-Signature", $"t={at.ToUnixTimeSeconds()},v1=00,v1={Convert.ToHexStringLower(mac)}")];
        }
    }

    [Fact]
    public async Task Two_mappings_of_a_path_each_ask_for_their_own_proof()
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount,
            $$"""
            mappings: [
              { match: { path: 'both', source: 'signed' }, messageTemplate: 'signed', signature: { scheme: 'github', secret: "{{Secret}}" } },
              { match: { path: 'both' }, messageTemplate: 'plain', allowUnsafeExternalContent: true },
            ]
            """);
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync("/hooks/both", """{"source":"signed"}"""));
        Assert.Equal((401, "invalid_api_key"), await gateway.PostFailureAsync("/hooks/both", "{}", ("Authorization", "")));
        await RunAsync(gateway, "/hooks/both", "{}");
        Assert.Equal("plain", Assert.Single(gateway.Asked));
    }

    private static string Signed(string scheme, string secret) =>
        $$$"""mappings: [{ id: 's', match: { path: 'signed' }, messageTemplate: 'event {{now}}', signature: { scheme: '{{{scheme}}}', secret: "{{{secret}}}" } }]""";

    private static async Task RunAsync(HookGateway gateway, string path, string body, params (string Name, string Value)[] headers)
    {
        var answer = await gateway.PostOkAsync(path, body, headers);
        Assert.Equal("completed", (await gateway.EndOfAsync(answer.GetProperty("runId").GetString()!)).GetProperty("status").GetString());
    }

    private string Mapping(string module) =>
        $"transformsDir: '{_transforms.FullName}', mappings: [{{ match: {{ path: 't' }}, transform: {{ module: '{module}' }} }}]";

    private Task<HookGateway> StartWithAsync(string source)
    {
        File.WriteAllText(Path.Combine(_transforms.FullName, "t.js"), source);
        File.WriteAllText(Path.Combine(_transforms.FullName, "other.js"), "export const canary = { message: 'canary' };");
        return HookGateway.StartAsync(azurite.StorageAccount, Mapping("t.js"));
    }
}
