using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Finds the call that a piece of a chat completion belongs to. Providers leave out the index, repeat index 0 for every call, repeat the
/// id in each piece or for each call, send no id at all, or send the name after the first piece.
/// </summary>
internal sealed class ToolCallTracker(AnswerPieces pieces)
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly List<Call> _calls = [];

    /// <summary>True when a call began but never got a name.</summary>
    public bool HasNameless => _calls.Exists(call => call.Number is null);

    public static string NewCallId() => "call_" + RandomNumberGenerator.GetString(Base62, 24);

    /// <summary>Takes a piece as the provider sent it. A call is passed on once it has a name.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c>: arguments of a call that never began.</exception>
    public void Add(int? index, string? id, string? name, string arguments, JsonElement? extra = null)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        name = string.IsNullOrEmpty(name) ? null : name;
        var call = Find(index, id, name);
        if (call is { Number: { } known } && name is not null && pieces.IsWhole(known) && !string.IsNullOrWhiteSpace(arguments))
        {
            if (call.Name == name && pieces.HasArguments(known, arguments))
            {
                return; // some servers send the whole call again at the end
            }

            call = null; // nothing can follow whole arguments, so this is another call under the same id
        }

        if (call is null)
        {
            if (name is null && id is null && index is null)
            {
                throw new GatewayException(GatewayError.UpstreamProtocol());
            }

            call = new Call { UpstreamIndex = index };
            _calls.Add(call);
        }

        if (call.Number is { } number)
        {
            pieces.Arguments(number, arguments, extra);
            return;
        }

        call.Id ??= id;
        call.Extra = extra ?? call.Extra;
        call.Name ??= name;
        if (call.Name is not null)
        {
            call.Number = pieces.StartCall(call.Id, call.Name, call.Held.Append(arguments).ToString(), call.Extra);
            call.Held.Clear();
        }
        else
        {
            call.Held.Append(arguments, 0, pieces.Take(arguments.Length));
        }
    }

    /// <summary>Takes a whole call. When its pieces were sent before, only what they lack is new.</summary>
    /// <param name="position">Its number among the calls of the answer.</param>
    public void AddWhole(int position, string? id, string? name, string arguments, JsonElement? extra = null)
    {
        if (position < _calls.Count && _calls[position].Number is { } number)
        {
            pieces.WholeArguments(number, arguments);
        }
        else
        {
            Add(position, id, name, arguments, extra);
        }
    }

    private Call? Find(int? index, string? id, string? name)
    {
        var known = id is null ? null : _calls.FindLast(call => call.Id == id);
        if (index is null)
        {
            // Without an index an id or a name begins a call, and anything else continues the last one.
            return known ?? (id is null && (name is null || _calls is [.., { Name: null }]) ? _calls.LastOrDefault() : null);
        }

        var same = _calls.FindLast(call => call.UpstreamIndex == index);
        if (same is not null && (id is null || same.Id is null || same.Id == id))
        {
            return same;
        }

        if (same is null)
        {
            return name is null ? known : null; // a name under a new index begins a call, even if an earlier one has its id
        }

        return known ?? (name is null || same.Name is null ? same : null); // index 0 for every call
    }

    private sealed class Call
    {
        public int? UpstreamIndex { get; init; }

        public string? Id { get; set; }

        public string? Name { get; set; }

        /// <summary>Arguments that came before the name.</summary>
        public StringBuilder Held { get; } = new();

        public JsonElement? Extra { get; set; }

        /// <summary>Its number among the pieces of the answer; null while it has no name.</summary>
        public int? Number { get; set; }
    }
}
