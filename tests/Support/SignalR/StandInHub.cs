using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>What the clients of the stand-in are connected to. Their invocations go to the upstream.</summary>
public sealed class StandInHub(SignalRStandIn service) : Hub
{
    public override async Task OnConnectedAsync()
    {
        await base.OnConnectedAsync();
        var client = new StandInClient(Context);
        Context.Items[nameof(StandInClient)] = client;
        service.Add(client);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        service.Remove(Client);
        return base.OnDisconnectedAsync(exception);
    }

    [HubMethodName("rpc")]
    public Task<JsonElement?> RpcAsync(JsonElement frame) => InvokeAsync("rpc", frame);

    [HubMethodName("simple")]
    public Task<JsonElement?> SimpleAsync(JsonElement message) => InvokeAsync("simple", message);

    private StandInClient Client => (StandInClient)Context.Items[nameof(StandInClient)]!;

    private async Task<JsonElement?> InvokeAsync(string target, JsonElement argument)
    {
        var id = Client.NextInvocation();
        try
        {
            return await service.SendUpstreamAsync(Client, "messages", target, new JsonObject
            {
                ["type"] = 1,
                ["invocationId"] = id,
                ["target"] = target,
                ["arguments"] = new JsonArray(JsonNode.Parse(argument.GetRawText())),
            }.ToJsonString(), id);
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException)
        {
            throw new HubException(failure.Message);
        }
    }
}

/// <summary>A client of the stand-in.</summary>
public sealed class StandInClient(HubCallerContext context)
{
    private int _invocations;

    internal HubCallerContext Context => context;

    public string Id => context.ConnectionId;

    public string User => context.User!.FindFirst(StandInTokens.UserClaim)?.Value ?? "";

    /// <summary>The claims of its token, as the service repeats them to the upstream.</summary>
    public string Claims => string.Join(", ", context.User!.Claims.Select(c => $"{c.Type}: {c.Value}"));

    internal string NextInvocation() => Interlocked.Increment(ref _invocations).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The user of a connection is what its token says.</summary>
internal sealed class StandInUserIds : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection) => connection.User.FindFirst(StandInTokens.UserClaim)?.Value;
}

/// <summary>JSON of arguments and results in tests.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonElement?))]
internal sealed partial class StandInJson : JsonSerializerContext;
