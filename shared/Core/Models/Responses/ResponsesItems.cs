using System.Text.Json;

namespace OpenClaw.Models.Responses;

/// <summary>The output items of one answer, in the order in which they began.</summary>
internal sealed class ResponsesItems
{
    private readonly List<ResponsesItem> _items = [];
    private readonly Dictionary<int, ResponsesItem> _byIndex = [];
    private readonly Dictionary<string, ResponsesItem> _byId = new(StringComparer.Ordinal);

    public ResponsesItem? Last => _items.LastOrDefault();

    /// <summary>False when there is no item.</summary>
    public bool AreAllDone => _items.Count > 0 && _items.TrueForAll(item => item.IsDone);

    public bool HasNamelessCall => _items.Exists(item => item is { Type: "function_call", Call: null });

    public ResponsesItem Begin(int? index, string? id, string? type)
    {
        var item = new ResponsesItem { Id = id, Index = index, Type = type };
        _items.Add(item);
        if (index is { } number)
        {
            _byIndex[number] = item;
        }

        if (id is not null)
        {
            _byId[id] = item;
        }

        return item;
    }

    /// <summary>The item that an event is about: by its number, else by its id, else the last one. It begins with the event if there is
    /// none.</summary>
    /// <param name="type">What the event makes of it.</param>
    public ResponsesItem Find(ResponsesEvent e, string type)
    {
        var item = Find(e.OutputIndex, e.ItemId) ?? Begin(e.OutputIndex, e.ItemId, type);
        item.Type ??= type;
        return item;
    }

    /// <summary>The item that <c>output_item.done</c> ends; null when it begins with that event. Some servers number every item 0, so an
    /// item that is done, or of another type, is not the one.</summary>
    public ResponsesItem? FindOpen(ResponsesEvent e)
    {
        var (type, id) = (ModelJson.TextOf(e.Item, "type"), ModelJson.TextOf(e.Item, "id"));
        return Find(e.OutputIndex, id) is { } found && (found.Type ?? type) == type
            && (!found.IsDone || (id is not null && id == found.Id)) ? found : null;
    }

    /// <summary>Finds the items of the stream in the output of the whole response; what was not streamed begins here. Not all servers keep
    /// ids and numbers, so the last resort is the order of the items of one type.</summary>
    public List<(ResponsesItem Item, JsonElement Whole)> Match(JsonElement output)
    {
        var streamed = new List<ResponsesItem>(_items);
        var found = new List<(ResponsesItem, JsonElement)>();
        var callIds = output.EnumerateArray().Select(whole => ModelJson.TextOf(whole, "call_id")).ToHashSet();
        var position = 0;
        foreach (var whole in output.EnumerateArray())
        {
            var (type, id) = (ModelJson.TextOf(whole, "type"), ModelJson.TextOf(whole, "id"));
            var (callId, name) = (ModelJson.TextOf(whole, "call_id"), ModelJson.TextOf(whole, "name"));
            var alike = streamed.FindAll(item => item.Type == type && (item.Name ?? name) == name);
            var item = alike.Find(item => item.CallId is { } known && known == callId)
                ?? alike.Find(item => item.CallId is null && item.Id is { } known && known == id)
                ?? alike.Find(item => item.CallId is null && item.Index == position)
                ?? alike.Find(item => item.CallId is null || !callIds.Contains(item.CallId))
                ?? Begin(null, id, type);
            streamed.Remove(item);
            found.Add((item, whole));
            position++;
        }

        return found;
    }

    private ResponsesItem? Find(int? index, string? id) => index is { } number ? _byIndex.GetValueOrDefault(number)
        : id is not null ? _byId.GetValueOrDefault(id)
        : Last;
}
