using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>A stand-in for Azure SignalR Service in serverless mode, in front of a real ASP.NET Core hub: clients come with a token, what
/// they send goes to the upstream by HTTP, the REST API reaches them. It checks audiences and signatures as the service does.</summary>
public sealed class SignalRStandIn : IAsyncDisposable
{
    public const string AccessKey = "stand-in-access-key-0123456789abcdef";

    /// <summary>Stands for a token of Microsoft Entra ID that has the role of the REST API.</summary>
    public const string IdentityToken = "stand-in-identity-token";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, StandInClient> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Task> _running = new();

    private SignalRStandIn(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public string ConnectionString => $"Endpoint={Url};AccessKey={AccessKey};Version=1.0;";

    /// <summary>Where events of clients go; null drops them.</summary>
    public StandInUpstream? Upstream { get; set; }

    /// <summary>Every REST call so far, those that were refused among them.</summary>
    public ConcurrentQueue<StandInCall> Calls { get; } = new();

    /// <summary>Statuses to answer the next REST calls with, before any work.</summary>
    public ConcurrentQueue<int> Faults { get; } = new();

    public IReadOnlyCollection<StandInClient> Clients => [.. _clients.Values];

    public static async Task<SignalRStandIn> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSignalR(static hub => hub.MaximumReceiveMessageSize = 2 * 1024 * 1024)
            .AddJsonProtocol(static json => json.PayloadSerializerOptions.TypeInfoResolver = StandInJson.Default);
        builder.Services.AddSingleton<IUserIdProvider, StandInUserIds>();
        SignalRStandIn? standIn = null;
        builder.Services.AddSingleton(_ => standIn!);
        var app = builder.Build();
        standIn = new SignalRStandIn(app);
        app.UseWebSockets();
        app.Use(standIn.CheckClientAsync);
        app.UseRouting();
        app.UseEndpoints(static _ => { });
        app.MapHub<StandInHub>("/client");
        standIn.MapRest();
        await app.StartAsync();
        standIn.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return standIn;
    }

    public IReadOnlyList<string> GroupsOf(string connectionId) =>
        [.. _groups.Where(g => g.Value.ContainsKey(connectionId)).Select(g => g.Key).Order(StringComparer.Ordinal)];

    internal void Add(StandInClient client)
    {
        _clients[client.Id] = client;
        Run(() => SendUpstreamAsync(client, "connections", "connected", """{"type":10}""", invocationId: null));
    }

    internal void Remove(StandInClient client)
    {
        _clients.TryRemove(client.Id, out _);
        foreach (var members in _groups.Values)
        {
            members.TryRemove(client.Id, out _);
        }

        Run(() => SendUpstreamAsync(client, "connections", "disconnected", """{"type":11}""", invocationId: null));
    }

    internal Task<JsonElement?> SendUpstreamAsync(
        StandInClient client, string category, string name, string body, string? invocationId) =>
        Upstream is { } upstream ? upstream.SendAsync(client, category, name, body, invocationId) : Task.FromResult<JsonElement?>(null);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Context.Abort();
        }

        await _app.StopAsync();
        await Task.WhenAll(_running.Values);
        await _app.DisposeAsync();
        Upstream?.Dispose();
    }

    /// <summary>The service does not hold up a client until the upstream knows of it.</summary>
    private void Run(Func<Task> send)
    {
        var task = Task.Run(async () =>
        {
            try
            {
                await send();
            }
            catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException)
            {
                // The gateway refused or is gone; a test sees that at the gateway.
            }
        });
        _running[task.Id] = task;
    }

    private async Task CheckClientAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/client"))
        {
            await next(context);
            return;
        }

        var shown = context.Request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.Ordinal)
            ? value["Bearer ".Length..] : context.Request.Query["access_token"].ToString();
        if (StandInTokens.Read(shown, $"{Url}/client/?hub={context.Request.Query["hub"]}") is not { } claims)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.User = StandInTokens.ToUser(claims);
        await next(context);
    }

    private void MapRest()
    {
        const string Root = "/api/hubs/openclaw";
        Rest("POST", Root + "/:send", (r, body) => SendAsync(Hub.Clients.All, body));
        Rest("POST", Root + "/connections/{id}/:send", (r, body) => SendAsync(Hub.Clients.Client(Value(r, "id")), body));
        Rest("POST", Root + "/groups/{group}/:send", (r, body) => SendAsync(Hub.Clients.Group(Value(r, "group")), body));
        Rest("POST", Root + "/users/{user}/:send", (r, body) => SendAsync(Hub.Clients.User(Value(r, "user")), body));
        Rest("PUT", Root + "/groups/{group}/connections/{id}", (r, _) => JoinAsync(Value(r, "group"), Value(r, "id")));
        Rest("DELETE", Root + "/groups/{group}/connections/{id}", (r, _) => LeaveAsync(Value(r, "group"), Value(r, "id")));
        Rest("DELETE", Root + "/connections/{id}/groups", async (r, _) =>
        {
            foreach (var group in GroupsOf(Value(r, "id")))
            {
                await LeaveAsync(group, Value(r, "id"));
            }

            return 200;
        });
        Rest("HEAD", Root + "/connections/{id}", (r, _) => Task.FromResult(_clients.ContainsKey(Value(r, "id")) ? 200 : 404));
        Rest("HEAD", Root + "/groups/{group}", (r, _) => Task.FromResult(
            _groups.TryGetValue(Value(r, "group"), out var members) && !members.IsEmpty ? 200 : 404));
        Rest("DELETE", Root + "/connections/{id}", (r, _) => Close([Value(r, "id")]));
        Rest("POST", Root + "/groups/{group}/:closeConnections", (r, _) => Close(
            _groups.TryGetValue(Value(r, "group"), out var members) ? [.. members.Keys] : []));
        Rest("POST", Root + "/:generateToken", (r, _) => Task.FromResult(200));
    }

    private void Rest(string method, string route, Func<HttpRequest, JsonElement?, Task<int>> run) =>
        _app.MapMethods(route, [method], async context =>
        {
            var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var shown = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
            var isProven = shown == IdentityToken || StandInTokens.Read(shown, Url + target) is not null;
            Calls.Enqueue(new StandInCall(method, Uri.UnescapeDataString(target), body.ToArray(), isProven));
            if (!isProven)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            if (Faults.TryDequeue(out var fault))
            {
                context.Response.StatusCode = fault;
                return;
            }

            context.Response.StatusCode = await run(context.Request, body.Length == 0 ? null : JsonElement.Parse(body.ToArray()));
            if (target.EndsWith("/:generateToken", StringComparison.Ordinal))
            {
                var (user, minutes) = (context.Request.Query["userId"].ToString(), context.Request.Query["minutesToExpire"].ToString());
                await context.Response.WriteAsync(new JsonObject
                {
                    ["token"] = StandInTokens.CreateClientToken(
                        Url, user, TimeSpan.FromMinutes(int.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture))),
                }.ToJsonString());
            }
        });

    private IHubContext<StandInHub> Hub => _app.Services.GetRequiredService<IHubContext<StandInHub>>();

    private static string Value(HttpRequest request, string name) => (string)request.RouteValues[name]!;

    private static async Task<int> SendAsync(IClientProxy clients, JsonElement? body)
    {
        var message = body!.Value;
        await clients.SendCoreAsync(
            message.GetProperty("target").GetString()!,
            [.. message.GetProperty("arguments").EnumerateArray().Select(a => (object)a.Clone())]);
        return 202;
    }

    private async Task<int> JoinAsync(string group, string id)
    {
        if (!_clients.ContainsKey(id))
        {
            return 404;
        }

        _groups.GetOrAdd(group, static _ => new(StringComparer.Ordinal))[id] = true;
        await Hub.Groups.AddToGroupAsync(id, group);
        return 200;
    }

    private async Task<int> LeaveAsync(string group, string id)
    {
        if (_groups.TryGetValue(group, out var members))
        {
            members.TryRemove(id, out _);
        }

        await Hub.Groups.RemoveFromGroupAsync(id, group);
        return 200;
    }

    private Task<int> Close(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            if (_clients.TryGetValue(id, out var client))
            {
                client.Context.Abort();
            }
        }

        return Task.FromResult(ids.Count == 1 ? 200 : 204);
    }
}

/// <summary>A call of the REST API.</summary>
/// <param name="Path">Decoded.</param>
/// <param name="IsProven">Whether its token was good.</param>
public sealed record StandInCall(string Method, string Path, byte[] Body, bool IsProven);
