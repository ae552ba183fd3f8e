using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tools.BuiltIn.Memory;
using Xunit;

namespace OpenClaw.Tests.Core.Tools;

public class MemoryToolsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Without_a_model_pieces_are_found_by_words_and_the_result_says_so()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await gateway.CallAsync("fs_write", new { path = "MEMORY.md", content = "# Food\nAnna likes plums.\n# Travel\nThe train leaves at 7." });
        await gateway.CallAsync("fs_write", new { path = "memory/day.md", content = "We met at the train station." });
        await gateway.CallAsync("fs_write", new { path = "notes.txt", content = "train train train" });

        var found = await gateway.CallForJsonAsync("memory_search", new { query = "When does the train leave?" });

        Assert.Equal("keywords", found.Text("mode"));
        var hits = found.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["MEMORY.md", "memory/day.md"], hits.Select(hit => hit.Text("path")).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(hits, hit => hit.Text("snippet").Contains("plums", StringComparison.Ordinal));
        var travel = hits.Single(hit => hit.Text("path") == "MEMORY.md");
        Assert.Equal((3, 4), (travel.GetProperty("startLine").GetInt32(), travel.GetProperty("endLine").GetInt32()));
        Assert.StartsWith(
            "# Travel\nThe train leaves at 7.\n[lines 3 to 4 of 4", await gateway.CallForTextAsync(
                "memory_get", new { path = "MEMORY.md", from = 3, lines = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_model_vectors_are_made_on_write_and_kept()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.RespondAsync(200, VectorsFor(call)));
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig("openai-completions", "embed") };
            c.Memory.Search = new MemorySearchSection { Provider = "mock", Model = "embed" };
        });
        await gateway.CallAsync("fs_write", new { path = "a.md", content = "# Cats\nThey purr.\n# Cars\nThey drive." });
        var made = upstream.Requests.Count;

        var found = await gateway.CallForJsonAsync("memory_search", new { query = "kitten" });
        await gateway.CallForJsonAsync("memory_search", new { query = "kitten" });

        Assert.Equal(1, made);
        Assert.Equal(3, upstream.Requests.Count); // of the queries only
        Assert.Equal(("embeddings", "mock/embed"), (found.Text("mode"), found.Text("model")));
        Assert.StartsWith("# Cats", found.GetProperty("results")[0].Text("snippet"), StringComparison.Ordinal);

        await gateway.CallAsync("fs_write", new { path = "a.md", content = "# Dogs" });
        Assert.Equal(4, upstream.Requests.Count);
    }

    [Fact]
    public async Task A_model_that_fails_is_replaced_by_words_and_the_result_says_so()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.RespondAsync(400, "{}"));
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig("openai-completions", "embed") };
            c.Memory.Search = new MemorySearchSection { Provider = "mock", Model = "embed" };
        });
        await gateway.CallAsync("fs_write", new { path = "a.md", content = "Cats purr." });

        var found = await gateway.CallForJsonAsync("memory_search", new { query = "cats" });

        Assert.Equal("keywords", found.Text("mode"));
        Assert.Contains("embeddings failed", found.Text("note"), StringComparison.Ordinal);
        Assert.Single(found.GetProperty("results").EnumerateArray());
    }

    [Fact]
    public void A_rare_word_weighs_more_than_a_common_one()
    {
        MemoryChunk[] chunks = [new("a", 1, 1, "the the the cat"), new("b", 1, 1, "the dog"), new("c", 1, 1, "the bird and the fish")];

        var scores = KeywordScores.Of("the dog", chunks);

        Assert.Equal(1, scores.Index().MaxBy(score => score.Item).Index);
        Assert.All(KeywordScores.Of("zebra", chunks), score => Assert.Equal(0, score));
        Assert.True(KeywordScores.Of("東京", [new("d", 1, 1, "私は東京に住む")])[0] > 0);
    }

    /// <summary>One axis for animals that purr, one for the rest.</summary>
    private static string VectorsFor(UpstreamCall call)
    {
        var inputs = call.Request.Body.GetProperty("input").EnumerateArray().Select(i => i.GetString()!).ToList();
        return ToolGateway.Write(new
        {
            data = inputs.Select((text, index) => new
            {
                index,
                embedding = text.Contains("purr", StringComparison.Ordinal) || text == "kitten" ? new[] { 1f, 0.1f } : [0.1f, 1f],
            }),
        });
    }
}
