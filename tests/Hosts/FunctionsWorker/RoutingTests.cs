using System.Net;
using Microsoft.AspNetCore.Routing.Patterns;
using OpenClaw.Functions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Protocol;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

/// <summary>The host chooses a function by its own rule, and the worker runs the one that ASP.NET Core matches.</summary>
public sealed class RoutingTests(TestWorkerHost worker) : IClassFixture<TestWorkerHost>
{
    /// <summary>A function that the host passes over runs all the same, but its invocations are counted under another name.</summary>
    [Fact]
    public void The_host_chooses_for_every_route_the_function_that_it_belongs_to()
    {
        var catalog = GatewayFunctions.Create();
        var routes = new FunctionRoutes(catalog.Http.Select(Describe), "");

        foreach (var function in catalog.Http.Where(static f => f.Methods.Count > 0))
        {
            var path = "/" + string.Join('/', RoutePatternFactory.Parse(function.Route).PathSegments.Select(
                static s => s.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : "x"));
            Assert.All(function.Methods, method => Assert.Equal(function.Name, routes.Find(method, path)));
        }
    }

    [Theory]
    [InlineData("GET", "inspect/x", "Inspect")]
    [InlineData("GET", "api/v1/status", "UnknownPath")] // the host sees the path before it is rewritten
    public async Task The_worker_runs_the_function_of_the_path_whatever_the_host_chose(string method, string path, string chosen)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await worker.Host.Client.SendAsync(request);

        Assert.Contains(worker.Host.Invocations.All, i => i.Function == chosen);
        Assert.NotEqual(HttpStatusCode.NotFound, answer.StatusCode); // 200, or 503 without credentials in this app's configuration
    }

    [Theory]
    [InlineData("HEAD", "health", HttpStatusCode.OK)]
    [InlineData("OPTIONS", "health", HttpStatusCode.NoContent)]
    [InlineData("HEAD", "echo", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "no/such/path", HttpStatusCode.NotFound)]
    [InlineData("PROPFIND", "echo", HttpStatusCode.MethodNotAllowed)]
    public async Task Every_method_reaches_the_worker(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await worker.Host.Client.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
        // the host's own answers have neither a JSON body nor this header
        Assert.Equal(expected == HttpStatusCode.NoContent ? null : "application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.Contains("X-Content-Type-Options"));
    }

    private static RpcFunctionMetadata Describe(HttpFunction function)
    {
        var metadata = new RpcFunctionMetadata { Name = function.Name };
        var methods = function.Methods.Count == 0 ? ""
            : $",\"methods\":[{string.Join(',', function.Methods.Select(static m => $"\"{m}\""))}]";
        metadata.RawBindings.Add($$"""{"type":"httpTrigger","route":"{{function.Route}}"{{methods}}}""");
        return metadata;
    }
}
