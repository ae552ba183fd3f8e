using System.Security.Cryptography;
using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Finds the call that a piece belongs to, and numbers calls from 0 as they begin. Providers leave out the index, repeat
/// index 0 for every call, repeat the id in each piece, send no id at all, or send the name after the first piece.
/// </summary>
internal sealed class ToolCallTracker
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly List<Call> _calls = [];
    private int _announced;

    public bool IsEmpty => _calls.Count == 0;

    /// <summary>True when a call began but never got a name.</summary>
    public bool HasNameless => _announced < _calls.Count;

    public static string NewCallId() => "call_" + RandomNumberGenerator.GetString(Base62, 24);

    /// <summary>Takes a piece as the provider sent it; null while its call has no name yet.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c>: arguments of a call that never began.</exception>
    public ToolCallDelta? Add(int? index, string? id, string? name, string arguments, JsonElement? extra = null)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        name = string.IsNullOrEmpty(name) ? null : name;
        var call = Find(index, id, name);
        if (call is null)
        {
            if (name is null && id is null && index is null)
            {
                throw new GatewayException(GatewayError.UpstreamProtocol());
            }

            call = new Call { UpstreamIndex = index, Id = id };
            _calls.Add(call);
        }

        if (call.Number is { } number)
        {
            return new ToolCallDelta(number, null, null, arguments) { Extra = extra };
        }

        call.Held += arguments;
        call.Extra = extra ?? call.Extra;
        call.Name ??= name;
        if (call.Name is null)
        {
            return null;
        }

        call.Number = _announced++;
        return new ToolCallDelta(call.Number.Value, call.Id ?? NewCallId(), call.Name, call.Held) { Extra = call.Extra };
    }

    private Call? Find(int? index, string? id, string? name)
    {
        if (id is not null && _calls.Find(call => call.Id == id) is { } known)
        {
            return known;
        }

        if (index is null)
        {
            // Without an index an id or a name begins a call, and anything else continues the last one.
            return id is null && (name is null || _calls is [.., { Name: null }]) ? _calls.LastOrDefault() : null;
        }

        var same = _calls.FindLast(call => call.UpstreamIndex == index);
        var isAnother = same is { Id: not null, Name: not null } && id is not null && name is not null;
        return isAnother ? null : same;
    }

    private sealed class Call
    {
        public int? UpstreamIndex { get; init; }

        public string? Id { get; init; }

        public string? Name { get; set; }

        public string Held { get; set; } = "";

        public JsonElement? Extra { get; set; }

        public int? Number { get; set; }
    }
}
