using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Collects what an error says, in whatever shape: OpenAI's <c>{"error":{message,type,code,param}}</c>, the object without its envelope or
/// in an array, an error string beside a code (xAI), <c>detail</c> (Mistral, FastAPI), <c>errors[]</c> (Cloudflare), Google's <c>status</c>
/// and <c>details[].reason</c>, Azure's <c>innererror</c>, and the error of another provider as text in <c>metadata.raw</c> (OpenRouter)
/// or in a message.
/// </summary>
internal sealed class UpstreamErrorReader
{
    private const int MaxDepth = 10;
    private const int MaxElements = 4;

    private readonly StringBuilder _text = new();
    private readonly List<string> _codes = [];
    private string? _message;
    private string? _type;
    private string? _code;
    private string? _param;
    private int _status;
    private TimeSpan? _retryAfter;

    public static UpstreamError Read(JsonElement element)
    {
        var reader = new UpstreamErrorReader();
        reader.Add(element, isMessage: true, 0);
        return new UpstreamError(reader._message, reader._type, reader._code, reader._param)
        {
            Text = reader._text.ToString(),
            Codes = reader._codes,
            Status = reader._status,
            RetryAfter = reader._retryAfter,
        };
    }

    private void Add(JsonElement element, bool isMessage, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                AddText(element.GetString()!, isMessage, depth);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray().Take(MaxElements))
                {
                    Add(item, isMessage, depth + 1);
                }

                break;
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    AddField(field.Name, field.Value, isMessage, depth + 1);
                }

                break;
        }
    }

    private void AddField(string name, JsonElement value, bool isMessage, int depth)
    {
        switch (name)
        {
            case "error" or "errors":
                Add(value, isMessage, depth);
                break;
            case "message" or "msg" or "error_msg" or "error_message":
                Add(value, isMessage, depth);
                break;
            case "detail" or "details" or "metadata" or "innererror" or "raw" or "violations" or "quotaId":
                Add(value, isMessage: false, depth);
                break;
            case "type":
                var type = AddCode(value);
                _type ??= type == "error" ? null : type; // the envelope's own
                break;
            case "code":
                var code = AddCode(value);
                _code ??= code;
                break;
            case "status" or "reason" or "error_type" or "error_code" or "httpCode" or "status_code":
                AddCode(value);
                break;
            case "param":
                _param ??= value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                break;
            case "retryDelay" when value.ValueKind == JsonValueKind.String:
                _retryAfter ??= RetryAfter.Parse(value.GetString()!.TrimEnd('s'), default, RetryAfter.DefaultCap);
                break;
        }
    }

    /// <summary>Adds a message. One that is itself JSON is read as an error inside.</summary>
    private void AddText(string text, bool isMessage, int depth)
    {
        if (isMessage)
        {
            _message ??= text;
        }

        _text.Append(text).Append('\n');
        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                Add(JsonElement.Parse(text), isMessage: false, depth + 1);
            }
            catch (JsonException)
            {
                // It only begins like JSON; its text is kept.
            }
        }
    }

    private string? AddCode(JsonElement value)
    {
        var code = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (code is null)
        {
            return null;
        }

        _codes.Add(code);
        if (_status == 0 && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status is >= 400 and < 600)
        {
            _status = status;
        }

        return code;
    }
}
