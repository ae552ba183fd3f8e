using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>The configuration for people and clients: JSON in which a placeholder stands for every secret.</summary>
public static partial class RedactedConfig
{
    /// <summary>What stands where a secret stood.</summary>
    public const string Placeholder = "__OPENCLAW_REDACTED__";

    /// <summary>The document that is in force; an empty object when there was none.</summary>
    public static string Write(GatewayConfig config) => Write(config.Document, config);

    /// <summary>A document as written: references to environment variables are shown, for they are no secrets.</summary>
    /// <param name="inForce">The configuration whose secrets are masked wherever they stand.</param>
    public static string Write(ConfigNode? document, GatewayConfig inForce)
    {
        var secrets = ConfigSecrets.Of(inForce).ToHashSet(StringComparer.Ordinal);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (document is not null)
            {
                Write(json, document, secrets, isSecret: false);
            }
            else
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ConfigNode node, HashSet<string> secrets, bool isSecret)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Map:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Key);
                    Write(json, member.Value, secrets, (isSecret || IsSecret(member)) && !IsReference(member.Value));
                }

                json.WriteEndObject();
                break;
            case ConfigNodeKind.List:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    Write(json, item, secrets, isSecret);
                }

                json.WriteEndArray();
                break;
            case ConfigNodeKind.Null:
                json.WriteNullValue();
                break;
            case var _ when (isSecret && node.Text.Length > 0) || secrets.Contains(node.Text):
                json.WriteStringValue(Placeholder);
                break;
            case ConfigNodeKind.Number:
                json.WriteRawValue(node.Text);
                break;
            case ConfigNodeKind.Boolean:
                json.WriteBooleanValue(node.Text == "true");
                break;
            default:
                json.WriteStringValue(node.Text);
                break;
        }
    }

    /// <summary>Whether a value only names where the secret is: <c>${NAME}</c>, or the original's <c>{source: …, id: …}</c>.</summary>
    private static bool IsReference(ConfigNode value) => value.Kind switch
    {
        ConfigNodeKind.Text => Variable().IsMatch(value.Text),
        ConfigNodeKind.Map => value.Members.All(member => member.Key is "source" or "provider" or "id"),
        _ => false,
    };

    [GeneratedRegex(@"^\$\{[A-Z_][A-Z0-9_]{0,127}\}$")]
    private static partial Regex Variable();

    /// <summary>Headers of providers may hold secrets under any name, and so may the environment.</summary>
    private static bool IsSecret(ConfigMember member) =>
        member.Key is "headers" or "env" || (ConfigSecrets.IsSecretKey(member.Key) && !IsCount(member));

    /// <summary>A key such as <c>maxTokens</c> has "token" in its name and a number as its value.</summary>
    private static bool IsCount(ConfigMember member) =>
        member.Value.Kind is ConfigNodeKind.Number or ConfigNodeKind.Boolean
        || (member.Value.Kind == ConfigNodeKind.Untyped
            && long.TryParse(member.Value.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
            && member.Key.Contains("tokens", StringComparison.OrdinalIgnoreCase));
}
