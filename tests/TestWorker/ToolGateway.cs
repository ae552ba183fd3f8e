using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Models.Providers;
using OpenClaw.Storage;
using OpenClaw.Tools;

namespace OpenClaw.TestWorker;

/// <summary>The product's self-host with two tools that report each call to <c>TEST_TOOL_URL</c>: <c>write</c>, which must not be
/// repeated, and <c>read</c>, which may be.</summary>
internal static class ToolGateway
{
    public static Task<int> RunAsync()
    {
        var config = ConfigLoader.Load(ConfigRequest.FromProcess(null), ProviderApis.Rules).Config
            ?? throw new InvalidOperationException("The configuration is not valid.");
        var storage = StorageAccount.FromEnvironment(Environment.GetEnvironmentVariable);
        return SelfHostGateway.RunAsync(
            new SelfHostOptions(config, 0, storage)
            {
                Started = url => Console.Out.WriteLine($"OpenClaw gateway listens on {url}"),
                Services = services => services.AddSingleton<IToolSource, Reporters>(),
            },
            CancellationToken.None);
    }

    private sealed class Reporters : IToolSource
    {
        private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(Environment.GetEnvironmentVariable("TEST_TOOL_URL")!),
        };

        public ValueTask<IReadOnlyList<ITool>> ListAsync(Agent agent, CancellationToken cancellationToken) =>
            new([new Reporter("write", false), new Reporter("read", true)]);

        private sealed record Reporter(string Name, bool IsRepeatable) : ITool
        {
            public string Description => "Reports its call.";

            public JsonElement Schema { get; } = JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}}}""");

            public IReadOnlyList<string> Groups => [];

            public async Task<ToolResult> RunAsync(ToolCall call, CancellationToken cancellationToken)
            {
                var n = call.Arguments.GetProperty("n").GetInt32();
                using var answer = await Client.PostAsync(new Uri($"/tool/{Name}/{n}", UriKind.Relative), null, cancellationToken);
                return ToolResult.Of($"{Name} {n}: {(int)answer.StatusCode}");
            }
        }
    }
}
