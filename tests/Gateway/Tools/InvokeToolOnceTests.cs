using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

/// <summary>Calls with an idempotency key.</summary>
public class InvokeToolOnceTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F69")]
    public async Task The_same_key_gives_the_same_answer_on_either_path_and_another_body_is_422()
    {
        var called = 0;
        await using var gateway = await StartAsync(new TestTool("count", (_, _) => Task.FromResult(ToolResult.Of($"{++called}"))));
        const string Call = """{"tool":"count","args":{"n":1},"idempotencyKey":"k1"}""";

        using var first = await gateway.PostAsync("/tools/invoke", Call);
        using var again = await gateway.PostAsync("/v1/tools/invoke", Call);
        using var other = await gateway.PostAsync("/tools/invoke", """{"tool":"count","args":{"n":2},"idempotencyKey":"k1"}""");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(1, called);
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task A_key_belongs_to_its_caller()
    {
        var called = 0;
        await using var gateway = await StartAsync(new TestTool("count", (_, _) => Task.FromResult(ToolResult.Of($"{++called}"))));
        var key = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        const string Call = """{"tool":"count","idempotencyKey":"k1"}""";

        using var mine = await gateway.PostAsync("/tools/invoke", Call);
        using var theirs = await gateway.PostAsync("/tools/invoke", Call, r => r.Use(key.Text));

        Assert.Equal(2, called);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Conflict, 1)]
    [InlineData(true, HttpStatusCode.OK, 2)]
    [Trait("Feature", "F69")]
    public async Task A_call_whose_first_try_never_ended_is_made_again_only_if_it_is_repeatable(
        bool repeatable, HttpStatusCode expected, int calls)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (called, began, never) = (0, new TaskCompletionSource(), new TaskCompletionSource<ToolResult>());
        var tool = new TestTool("slow", (_, token) =>
        {
            began.TrySetResult();
            return ++called == 1 ? never.Task.WaitAsync(token) : Task.FromResult(ToolResult.Of("done"));
        })
        { IsRepeatable = repeatable };
        await using var gateway = await StartAsync(tool, s => s.AddSingleton<TimeProvider>(clock));
        const string Call = """{"tool":"slow","idempotencyKey":"k1"}""";

        var first = gateway.PostAsync("/tools/invoke", Call);
        await began.Task;
        using var second = await gateway.WhileTimeGoesOnAsync(
            gateway.PostAsync("/tools/invoke", Call), clock, TimeSpan.FromMilliseconds(400));
        never.SetResult(ToolResult.Of("late"));
        using var late = await first;

        Assert.Equal((expected, calls), (second.StatusCode, called));
    }

    private Task<GatewayHost> StartAsync(ITool tool, Action<IServiceCollection>? services = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, services: s =>
        {
            s.AddSingleton<IToolSource>(new TestTools(tool));
            services?.Invoke(s);
        });
}
