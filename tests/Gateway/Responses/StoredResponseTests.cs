using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Conformance;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>Stored responses and the small endpoints around them.</summary>
public class StoredResponseTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F48")]
    public async Task A_stored_response_is_read_back_as_it_was_and_gone_once_deleted()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var response = await gateway.CreateAsync("""{"input":"Hi","metadata":{"a":"b"}}""");
        var path = $"{ResponsesGateway.Path}/{response.Id()}";
        using var found = await gateway.Client.GetAsync(path);
        Assert.Equal(response.GetRawText(), (await found.ReadJsonAsync()).GetRawText());

        using var cancelled = await gateway.PostAsync(path + "/cancel", "{}");
        Assert.Equal((HttpStatusCode.BadRequest, "not_cancellable"), (cancelled.StatusCode, (await cancelled.ReadErrorAsync()).Code));
        using var deleted = await gateway.Client.DeleteAsync(path);
        Assert.Equal($$"""{"id":"{{response.Id()}}","object":"response","deleted":true}""", await deleted.Content.ReadAsStringAsync());
        using var again = await gateway.Client.DeleteAsync(path);
        using var gone = await gateway.Client.GetAsync(path);
        using var continued = await gateway.PostResponseAsync($$"""{"previous_response_id":"{{response.Id()}}","input":"more"}""");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("response_not_found", (await gone.ReadErrorAsync()).Code);
        Assert.Equal("previous_response_not_found", (await continued.ReadErrorAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "F48")]
    public async Task A_response_with_store_false_cannot_be_retrieved_or_continued()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var response = await gateway.CreateAsync("""{"input":"Hi","store":false}""");
        using var found = await gateway.Client.GetAsync($"{ResponsesGateway.Path}/{response.Id()}");
        using var continued = await gateway.PostResponseAsync($$"""{"previous_response_id":"{{response.Id()}}","input":"more"}""");

        Assert.False(response.GetProperty("store").GetBoolean());
        Assert.Equal("response_not_found", (await found.ReadErrorAsync()).Code);
        Assert.Equal("previous_response_not_found", (await continued.ReadErrorAsync()).Code);
    }

    [Fact]
    public async Task Input_items_come_by_page_in_both_orders()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var items = string.Join(',', Enumerable.Range(0, 5).Select(i => $$"""{"role":"user","content":"m{{i}}"}"""));
        var response = await gateway.CreateAsync($$"""{"input":[{{items}}]}""");
        var path = $"{ResponsesGateway.Path}/{response.Id()}/input_items";
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            using var answer = await gateway.Client.GetAsync($"{path}?order=asc&limit=2{(after is null ? "" : "&after=" + after)}");
            var page = await answer.ReadJsonAsync();
            var data = page.GetProperty("data").EnumerateArray().ToList();
            Assert.All(data, i => Assert.Empty(ResponseSchema.Check(i, "item.message")));
            Assert.Equal((data[0].Id(), data[^1].Id()), (
                page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
            seen.AddRange(data.Select(i => i.GetProperty("content")[0].GetProperty("text").GetString()!));
            after = data[^1].Id();
            if (!page.GetProperty("has_more").GetBoolean())
            {
                break;
            }
        }

        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], seen);
        using var newest = await gateway.Client.GetAsync(path + "?limit=1");
        Assert.Equal("m4", (await newest.ReadJsonAsync()).GetProperty("data")[0].GetProperty("content")[0].GetProperty("text").GetString());
        foreach (var (query, param) in (
            (string, string)[])[("limit=0", "limit"), ("limit=101", "limit"), ("order=up", "order"), ("after=msg_x", "after")])
        {
            using var refused = await gateway.Client.GetAsync($"{path}?{query}");
            Assert.Equal((HttpStatusCode.BadRequest, param), (refused.StatusCode, (await refused.ReadErrorAsync()).Param));
        }
    }

    [Fact]
    public async Task Items_sent_twice_with_one_id_are_still_paged_one_by_one()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var response = await gateway.CreateAsync(
            """{"input":[{"id":"msg_same","role":"user","content":"a"},{"id":"msg_same","role":"user","content":"b"}]}""");
        using var answer = await gateway.Client.GetAsync($"{ResponsesGateway.Path}/{response.Id()}/input_items");
        var ids = (await answer.ReadJsonAsync()).GetProperty("data").EnumerateArray().Select(i => i.Id()).ToList();
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task Input_tokens_are_estimated_and_compaction_can_start_from_a_stored_response()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var counted = await gateway.PostAsync(
            ResponsesGateway.Path + "/input_tokens", """{"model":"openclaw","input":"12345678","instructions":"1234"}""");
        Assert.Equal("""{"input_tokens":3,"object":"response.input_tokens"}""", await counted.Content.ReadAsStringAsync());

        var response = await gateway.CreateAsync("""{"input":"My name is Ada."}""");
        using var answer = await gateway.PostAsync(
            ResponsesGateway.Path + "/compact", $$"""{"model":"openclaw","previous_response_id":"{{response.Id()}}"}""");
        var compacted = await answer.ReadJsonAsync();
        Assert.Empty(ResponseSchema.Check(compacted, "compaction"));
        var next = await gateway.CreateAsync(
            $$"""{"input":[{{compacted.GetProperty("output")[0].GetRawText()}},{"role":"user","content":"Go on"}]}""");
        Assert.Equal("Go on", next.Text());

        using var nothing = await gateway.PostAsync(ResponsesGateway.Path + "/compact", """{"model":"openclaw"}""");
        Assert.Equal("input", (await nothing.ReadErrorAsync()).Param);
    }

    [Fact]
    public async Task Without_storage_stateful_requests_are_503_and_stateless_ones_work()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var stored = await gateway.PostResponseAsync("""{"input":"Hi"}""");
        using var stateless = await gateway.PostResponseAsync("""{"input":"Hi","store":false}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (stored.StatusCode, stateless.StatusCode));
    }

    [Fact]
    public async Task A_json_answer_over_the_hosts_limit_is_504_and_what_was_said_stays_in_the_session()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount,
            c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
            s => s.AddSingleton(new HostTraits(false, TimeSpan.FromMilliseconds(700))));
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.HangAsync();
        });
        using var cut = await gateway.PostResponseAsync("""{"model":"mock/test-model","user":"ada","input":"Hi"}""");
        Assert.Equal((HttpStatusCode.GatewayTimeout, "run_timeout"), (cut.StatusCode, (await cut.ReadErrorAsync()).Code));
    }
}
