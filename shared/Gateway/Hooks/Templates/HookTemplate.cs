using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Hooks.Templates;

/// <summary>
/// Text with values of a hook's event: <c>{{payload.user.name}}</c>, <c>{{messages[0].text}}</c> (of the payload), <c>{{headers.x}}</c>,
/// <c>{{query.x}}</c>, <c>{{path}}</c>, <c>{{now}}</c>, <c>{{item.x}}</c> inside <c>forEach</c>. What is not there is empty, objects and
/// lists are JSON. Values are put in as they are: braces in a value are no template.
/// </summary>
public static class HookTemplate
{
    /// <summary>Most characters of a rendered text.</summary>
    public const int MaxLength = 256 * 1024;

    private const string Open = "{{";

    private const string Close = "}}";

    /// <exception cref="GatewayException"><c>413 body_too_large</c>: longer than <see cref="MaxLength"/>.</exception>
    public static string Render(string template, HookEvent hook)
    {
        var text = new StringBuilder(template.Length);
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf(Open, at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : template.IndexOf(Close, open + Open.Length, StringComparison.Ordinal);
            if (close < 0)
            {
                text.Append(template, at, template.Length - at);
                break;
            }

            text.Append(template, at, open - at);
            text.Append(ValueOf(template[(open + Open.Length)..close].Trim(), hook));
            at = close + Close.Length;
            if (text.Length > MaxLength)
            {
                throw new GatewayException(GatewayError.BodyTooLarge(MaxLength));
            }
        }

        return text.Length <= MaxLength ? text.ToString() : throw new GatewayException(GatewayError.BodyTooLarge(MaxLength));
    }

    /// <summary>The element at a path such as <c>payload.messages</c>; null when there is none.</summary>
    public static JsonElement? Find(string path, HookEvent hook)
    {
        var steps = ValuePath.Parse(path);
        return steps switch
        {
            null or [] => null,
            [{ Name: "payload" }, .. var rest] => ValuePath.Follow(hook.Payload, rest),
            [{ Name: "item" }, .. var rest] when hook.Item is { } item => ValuePath.Follow(item, rest),
            _ => ValuePath.Follow(hook.Payload, steps),
        };
    }

    private static string ValueOf(string path, HookEvent hook) => ValuePath.Parse(path) switch
    {
        [{ Name: "path" }] => hook.Path,
        [{ Name: "now" }] => hook.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        [{ Name: "headers" }, { Name: { } name }] => hook.Headers.GetValueOrDefault(name.ToLowerInvariant(), ""),
        [{ Name: "query" }, { Name: { } name }] => hook.Query.GetValueOrDefault(name, ""),
        _ => Find(path, hook) is { } value ? TextOf(value) : "",
    };

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        _ => value.GetRawText(),
    };
}
