using System.Net;
using System.Text.Json;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>What a page in a real browser can do to a gateway of another origin.</summary>
public sealed class BrowserTests(AzuriteFixture azurite)
{
    /// <summary>Each way to send a request that needs no permission, then those that need it.</summary>
    private const string Attack = """
        const key = JSON.stringify({ name: 'stolen', scopes: ['operator.admin'] });
        const tried = {};
        const send = async (name, path, options) => {
            const answer = await fetch(GATEWAY + path, options).catch(() => null);
            tried[name] = answer ? answer.type + ' ' + answer.status : 'refused';
        };
        await send('untyped', '/api/v1/keys', { method: 'POST', mode: 'no-cors', body: new Blob([key]) });
        await send('text', '/api/v1/keys', { method: 'POST', mode: 'no-cors', body: key });
        await send('bytes', '/api/v1/keys', { method: 'POST', mode: 'no-cors', keepalive: true, body: new TextEncoder().encode(key) });
        const message = JSON.stringify({ message: 'hi', sessionId: 's' });
        await send('chat', '/api/chat', { method: 'POST', mode: 'no-cors', body: new Blob([message]) });
        await send('upload', '/api/media', { method: 'POST', mode: 'no-cors', body: 'planted' });
        await send('json', '/api/v1/keys', { method: 'POST', headers: { 'content-type': 'application/json' }, body: key });
        await send('delete', '/api/v1/sessions/mine', { method: 'DELETE' });
        await send('read', '/v1/models', {});
        tried.socket = await new Promise(done => {
            const socket = new WebSocket(GATEWAY.replace('http', 'ws') + '/v1/responses');
            socket.onopen = () => done('open');
            socket.onerror = () => done('refused');
        });
        tried.image = await new Promise(done => {
            const image = new Image();
            image.onload = () => done('shown');
            image.onerror = () => done('refused');
            image.src = GATEWAY + '/v1/models';
        });
        return tried;
        """;

    private const string Friend = """
        const headers = { authorization: 'Bearer TOKEN', 'content-type': 'application/json', 'x-stainless-arch': 'x64' };
        const body = JSON.stringify({ model: 'openclaw', stream: true, messages: [{ role: 'user', content: 'hi' }] });
        const stream = await fetch(GATEWAY + '/v1/chat/completions', { method: 'POST', headers, body });
        const text = await stream.text();
        const wrong = await fetch(GATEWAY + '/v1/models', { headers: { authorization: 'Bearer wrong' } });
        return {
            status: stream.status, isWhole: text.endsWith('data: [DONE]\n\n'), left: stream.headers.get('x-ratelimit-remaining') !== null,
            wrong: wrong.status, isChallenged: wrong.headers.get('www-authenticate').startsWith('Bearer '),
            code: (await wrong.json()).error.code,
        };
        """;

    [Fact]
    [Trait("Feature", "T31")]
    public async Task A_page_of_another_origin_can_do_nothing_in_the_name_of_a_caller_without_a_secret()
    {
        Assert.SkipWhen(Browser.Program is null, "There is no Chromium here.");
        await using var browser = await Browser.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => c.Gateway.Auth.Mode = "none");
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var mine = await gateway.PostAsync("/api/chat", """{"message":"hi","sessionId":"mine"}""");
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);

        var tried = await browser.RunAsync(Attack.Replace("GATEWAY", $"'{gateway.Url}'", StringComparison.Ordinal));

        Assert.Equal(10, tried.EnumerateObject().Count());
        Assert.All(tried.EnumerateObject(), t => Assert.Contains(t.Value.GetString(), (string[])["refused", "opaque 0"]));
        using var keys = await gateway.Client.GetAsync("/api/keys");
        using var files = await gateway.Client.GetAsync("/api/media");
        using var sessions = await gateway.Client.GetAsync("/api/sessions");
        Assert.Equal(0, (await DataAsync(keys)).GetProperty("keys").GetArrayLength());
        Assert.Equal(0, (await DataAsync(files)).GetProperty("media").GetArrayLength());
        var session = Assert.Single((await DataAsync(sessions)).GetProperty("sessions").EnumerateArray());
        Assert.Equal("mine", session.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("rebound.example", "403 host_not_allowed")]
    [InlineData("localhost", "200")] // the same page under the gateway's own name: the script's requests do arrive
    [Trait("Feature", "T31")]
    public async Task A_page_whose_name_was_turned_to_the_gateways_address_can_do_nothing(string host, string expected)
    {
        Assert.SkipWhen(Browser.Program is null, "There is no Chromium here.");
        await using var browser = await Browser.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => c.Gateway.Auth.Mode = "none");
        gateway.Client.DefaultRequestHeaders.Authorization = null;

        var tried = await browser.RunReboundAsync("""
            const ask = async (method, path, body) => {
                const answer = await fetch(path, { method, body, headers: body ? { 'content-type': 'application/json' } : {} });
                const text = await answer.text();
                return answer.status + (text.includes('host_not_allowed') || text.includes('HOST_NOT_ALLOWED') ? ' host_not_allowed' : '');
            };
            return {
                read: await ask('GET', '/v1/models'),
                sessions: await ask('GET', '/api/sessions'),
                write: await ask('POST', '/api/chat', JSON.stringify({ message: 'hi', sessionId: 'theirs' })),
            };
            """, host, gateway.Url);

        Assert.Equal(3, tried.EnumerateObject().Count());
        Assert.All(tried.EnumerateObject(), t => Assert.Equal(expected, t.Value.GetString()));
        using var sessions = await gateway.Client.GetAsync("/api/sessions");
        Assert.Equal(expected == "200" ? 1 : 0, (await DataAsync(sessions)).GetProperty("sessions").GetArrayLength());
    }

    [Fact]
    [Trait("Feature", "F13")]
    public async Task A_listed_page_can_call_the_gateway_as_an_sdk_does_and_read_errors()
    {
        Assert.SkipWhen(Browser.Program is null, "There is no Chromium here.");
        await using var browser = await Browser.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Http.Cors.Origins = [browser.Origin]);

        var seen = await browser.RunAsync(Friend.Replace("GATEWAY", $"'{gateway.Url}'", StringComparison.Ordinal)
            .Replace("TOKEN", GatewayHost.Token, StringComparison.Ordinal));

        Assert.Equal("""{"status":200,"isWhole":true,"left":true,"wrong":401,"isChallenged":true,"code":"invalid_api_key"}""", seen.GetRawText());
    }

    private static async Task<JsonElement> DataAsync(HttpResponseMessage answer) => (await answer.ReadJsonAsync()).GetProperty("data");
}
