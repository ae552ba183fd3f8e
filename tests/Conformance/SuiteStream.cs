using System.Text.Json;

namespace OpenClaw.Tests.Conformance;

/// <summary>An event stream as the public suite reads it, with its weaknesses: lines end in LF alone, an event is forgotten where
/// a chunk ends before its blank line, and a second data line replaces the first.</summary>
/// <param name="forgets">False behind a proxy, which may cut the bytes anywhere.</param>
internal sealed class SuiteStream(bool forgets = true)
{
    private readonly List<JsonElement> _events = [];
    private string _rest = "";
    private string? _name;
    private string? _data;

    /// <summary>What was seen, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonElement> Events => _events;

    /// <summary>The response of the last event that carries one and ends the stream.</summary>
    public JsonElement? Final { get; private set; }

    public bool IsDone { get; private set; }

    public List<string> Faults { get; } = [];

    public static async Task<SuiteStream> ReadAsync(RawExchange exchange, bool forgets = true)
    {
        var stream = new SuiteStream(forgets);
        while (await exchange.ReadChunkAsync() is { } chunk)
        {
            stream.AddChunk(chunk);
        }

        return stream;
    }

    public void AddChunk(string chunk)
    {
        if (forgets)
        {
            (_name, _data) = (null, null);
        }

        var lines = (_rest + chunk).Split('\n');
        _rest = lines[^1];
        foreach (var line in lines[..^1])
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                _name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                _data = line[6..];
            }
            else if (line.Length == 0 && _data is not null)
            {
                Add(_name, _data);
                (_name, _data) = (null, null);
            }
        }
    }

    public IEnumerable<JsonElement> OfType(string type) => _events.Where(e => e.GetProperty("type").GetString() == type);

    private void Add(string? name, string data)
    {
        if (data == "[DONE]")
        {
            IsDone = true;
            return;
        }

        var next = JsonElement.Parse(data);
        Faults.AddRange(ResponseSchema.CheckEvent(next));
        var type = next.GetProperty("type").GetString();
        if (type != name)
        {
            Faults.Add($"event '{name}' has the type '{type}'");
        }

        if (IsDone)
        {
            Faults.Add($"'{type}' comes after [DONE]");
        }

        if (next.GetProperty("sequence_number").GetInt64() != _events.Count)
        {
            Faults.Add($"'{type}' has sequence number {next.GetProperty("sequence_number")}, not {_events.Count}");
        }

        _events.Add(next);
        if (type is "response.completed" or "response.failed" or "response.incomplete")
        {
            Final = next.GetProperty("response");
        }
    }
}
