using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Models.Upstream;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class EmbeddingTests
{
    [Fact]
    public async Task Vectors_are_asked_for_in_base64_and_counted()
    {
        await using var models = await ModelHarness.StartAsync();
        var target = models.Catalog.FindEmbedding("mock/test-model")!;

        var embeddings = await target.Generator.GenerateAsync(["a", "b"], new EmbeddingGenerationOptions { Dimensions = 3 });

        var request = models.Upstream.Requests[0];
        Assert.Equal("/v1/embeddings", request.Path);
        CompletionsRequestTests.AssertJson(
            """{"model":"test-model","input":["a","b"],"encoding_format":"base64","dimensions":3}""", request.Body);
        Assert.Equal([1f, 0f, 0f], embeddings[0].Vector.ToArray());
        Assert.Equal([2f, 0f, 0f], embeddings[1].Vector.ToArray());
        Assert.Equal((2, "test-model"), (embeddings.Usage!.InputTokenCount, embeddings[0].ModelId));
    }

    [Fact]
    public async Task Vectors_as_arrays_and_out_of_order_are_taken_too()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(200, """{"data":[{"index":1,"embedding":[2,2.5]},{"index":0,"embedding":[1,-1e-3]}],"model":"m"}""");

        var embeddings = await models.Catalog.FindEmbedding("mock/test-model")!.Generator.GenerateAsync(["a", "b"]);

        Assert.Equal([1f, -0.001f], embeddings[0].Vector.ToArray());
        Assert.Equal([2f, 2.5f], embeddings[1].Vector.ToArray());
    }

    [Theory]
    [InlineData("""{"data":[{"embedding":[1]}]}""", "upstream_protocol")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""", "upstream_protocol")]
    [InlineData("""{"data":[{"index":5,"embedding":[1]},{"index":0,"embedding":[1]}]}""", "upstream_protocol")]
    [InlineData("""{"data":[{"embedding":"AAA="},{"embedding":"AAAAAA=="}]}""", "upstream_protocol")]
    [InlineData("""{"data":[{"embedding":"not base64!"},{"embedding":[1]}]}""", "upstream_protocol")]
    [InlineData("""{}""", "upstream_protocol")]
    [InlineData("""not json""", "upstream_protocol")]
    [InlineData("""{"error":{"code":"insufficient_quota"}}""", "insufficient_quota")]
    public async Task An_answer_without_one_vector_per_text_is_refused(string body, string code)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(200, body);

        var exception = await Assert.ThrowsAsync<GatewayException>(
            () => models.Catalog.FindEmbedding("mock/test-model")!.Generator.GenerateAsync(["a", "b"]));
        Assert.Equal(code, exception.Error.Code);
    }

    [Fact, Trait("Feature", "R13")]
    public async Task Passing_failures_are_tried_again()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(503).NextStatus(429);

        Assert.Single(await models.Catalog.FindEmbedding("mock/test-model")!.Generator.GenerateAsync(["a"]));
        Assert.Equal(3, models.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Echo_gives_equal_texts_equal_unit_vectors()
    {
        using var catalog = new ModelCatalog(
            new GatewayConfigStore(new GatewayConfig()), new ModelHttpOptions(), NullLogger<ModelCatalog>.Instance);
        var generator = catalog.FindEmbedding()!.Generator;

        var embeddings = await generator.GenerateAsync(["a", "a", "b"]);
        var small = await generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 5 });

        Assert.Equal(embeddings[0].Vector.ToArray(), embeddings[1].Vector.ToArray());
        Assert.NotEqual(embeddings[0].Vector.ToArray(), embeddings[2].Vector.ToArray());
        Assert.Equal((256, 5), (embeddings[0].Dimensions, small[0].Dimensions));
        Assert.All(embeddings.Concat(small), embedding =>
            Assert.Equal(1, Math.Sqrt(embedding.Vector.ToArray().Sum(value => (double)value * value)), 5));
        Assert.Equal(3, embeddings.Usage!.InputTokenCount);
    }
}
