using System.Buffers;
using System.Text.Json;
using OpenClaw.Configuration.Binding;

namespace OpenClaw.Configuration;

/// <summary>The JSON schema of <c>openclaw.json</c>, from the code that reads it and the page that describes it.</summary>
public sealed class ConfigSchema
{
    private static readonly JsonWriterOptions Options = new() { Indented = false };

    private readonly ConfigKeys _keys;
    private readonly IReadOnlyDictionary<string, string> _docs = ConfigKeyDocs.Read();

    /// <param name="apis">The <c>api</c>s that providers may have.</param>
    public ConfigSchema(IReadOnlyList<ProviderRules> apis)
    {
        _keys = ConfigKeys.Find(apis);
        Schema = Parse(json =>
        {
            json.WriteStartObject();
            json.WriteString("$schema"u8, "http://json-schema.org/draft-07/schema#");
            json.WriteString("title"u8, "openclaw.json");
            WriteSection(json, "");
            json.WriteEndObject();
        });
        Hints = Parse(WriteHints);
    }

    /// <summary>The schema: types, ranges, words, defaults and descriptions. Objects are closed.</summary>
    public JsonElement Schema { get; }

    /// <summary>By pattern, such as <c>models.providers.*.apiKey</c>: what a form shows, and which values are secret.</summary>
    public JsonElement Hints { get; }

    private static JsonElement Parse(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>The members of an object schema whose keys are known.</summary>
    private void WriteSection(Utf8JsonWriter json, string section)
    {
        json.WriteString("type"u8, "object");
        json.WriteBoolean("additionalProperties"u8, false);
        json.WriteStartObject("properties"u8);
        foreach (var (name, pattern, key) in _keys.In(section))
        {
            json.WriteStartObject(name);
            if (_docs.GetValueOrDefault(pattern) is { Length: > 0 } meaning)
            {
                json.WriteString("description"u8, meaning);
            }

            WriteKey(json, pattern, key);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteKey(Utf8JsonWriter json, string pattern, ConfigKey key)
    {
        if (key is { TakesText: true } or { Kind: ConfigKeyKind.Secret })
        {
            json.WriteStartArray("anyOf"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "string");
            json.WriteEndObject();
            json.WriteStartObject();
            if (key.Kind == ConfigKeyKind.Secret)
            {
                json.WriteString("type"u8, "object");
            }
            else
            {
                WriteSection(json, pattern + key.Inner);
            }

            json.WriteEndObject();
            json.WriteEndArray();
            return;
        }

        switch (key.Kind)
        {
            case ConfigKeyKind.Section:
                WriteSection(json, pattern + key.Inner);
                break;
            case ConfigKeyKind.Map:
                json.WriteString("type"u8, "object");
                json.WriteStartObject("additionalProperties"u8);
                WriteSection(json, pattern + key.Inner);
                json.WriteEndObject();
                break;
            case ConfigKeyKind.List:
                WriteItems(json, () => WriteSection(json, pattern + key.Inner));
                break;
            case ConfigKeyKind.Texts:
                WriteItems(json, () => json.WriteString("type"u8, "string"));
                break;
            case ConfigKeyKind.Wholes:
                WriteItems(json, () => WriteNumber(json, "integer", key));
                break;
            case ConfigKeyKind.MapOfText or ConfigKeyKind.MapOfSecrets or ConfigKeyKind.MapOfTexts:
                WriteMap(json, key.Kind);
                break;
            case ConfigKeyKind.Flag:
                json.WriteString("type"u8, "boolean");
                break;
            case ConfigKeyKind.Whole:
                WriteNumber(json, "integer", key);
                break;
            case ConfigKeyKind.Amount:
                WriteNumber(json, "number", new ConfigKey(key.Kind) { Least = 0 });
                break;
            case ConfigKeyKind.Text:
                WriteText(json, key);
                break;
        }

        if (key.Default is { } value)
        {
            json.WritePropertyName("default"u8);
            json.WriteRawValue(value);
        }
    }

    private static void WriteText(Utf8JsonWriter json, ConfigKey key)
    {
        json.WriteString("type"u8, "string");
        if (key.Choices is { } choices)
        {
            json.WriteStartArray("enum"u8);
            foreach (var choice in choices)
            {
                json.WriteStringValue(choice);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteItems(Utf8JsonWriter json, Action write)
    {
        json.WriteString("type"u8, "array");
        json.WriteStartObject("items"u8);
        write();
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, ConfigKeyKind kind)
    {
        json.WriteString("type"u8, "object");
        json.WriteStartObject("additionalProperties"u8);
        if (kind == ConfigKeyKind.MapOfTexts)
        {
            WriteItems(json, () => json.WriteString("type"u8, "string"));
        }
        else if (kind == ConfigKeyKind.MapOfText)
        {
            json.WriteString("type"u8, "string");
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string type, ConfigKey key)
    {
        json.WriteString("type"u8, type);
        if (key.Least is { } least)
        {
            json.WriteNumber("minimum"u8, least);
        }

        if (key.Most is { } most)
        {
            json.WriteNumber("maximum"u8, most);
        }
    }

    private void WriteHints(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (pattern, key) in _keys)
        {
            var isSecret = key.Kind is ConfigKeyKind.Secret or ConfigKeyKind.MapOfSecrets;
            var meaning = _docs.GetValueOrDefault(pattern);
            if (!isSecret && string.IsNullOrEmpty(meaning))
            {
                continue;
            }

            json.WriteStartObject(pattern);
            if (!string.IsNullOrEmpty(meaning))
            {
                json.WriteString("help"u8, meaning);
            }

            if (isSecret)
            {
                json.WriteBoolean("sensitive"u8, true);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
