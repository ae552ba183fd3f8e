using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Gateway.Realtime.Protocol;

/// <summary>Checks the parameters of a request against the record that holds them, and says what is wrong in the words of the original:
/// parameters are closed objects. What a record declares is the rule: <c>required</c>, the type, and the attributes
/// <c>[MinLength]</c>, <c>[MaxLength]</c>, <c>[Range]</c> and <c>[AllowedValues]</c>. A <see cref="JsonElement"/> takes any
/// value.</summary>
internal static class ParamsCheck
{
    /// <summary>Reads the parameters.</summary>
    /// <param name="method">For the message, such as <c>chat.send</c>.</param>
    /// <exception cref="RpcException"><c>INVALID_REQUEST</c>.</exception>
    public static T Read<T>(string method, JsonElement given, JsonTypeInfo<T> type)
        where T : class
    {
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            given = Empty;
        }

        var problems = new List<string>();
        CheckObject("", given, type, problems);
        if (problems.Count > 0)
        {
            throw RpcException.Invalid($"invalid {method} params: {string.Join("; ", problems.Distinct())}");
        }

        try
        {
            return given.Deserialize(type)!;
        }
        catch (JsonException)
        {
            throw RpcException.Invalid($"invalid {method} params: validation error");
        }
    }

    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private static void CheckObject(string path, JsonElement given, JsonTypeInfo type, List<string> problems)
    {
        if (given.ValueKind != JsonValueKind.Object)
        {
            problems.Add(At(path) + "must be object");
            return;
        }

        foreach (var property in type.Properties)
        {
            if (given.TryGetProperty(property.Name, out var value))
            {
                CheckValue($"{path}/{property.Name}", value, property, problems);
            }
            else if (property.IsRequired)
            {
                problems.Add($"{At(path)}must have required property '{property.Name}'");
            }
        }

        if (type.Properties.Any(property => property.IsExtensionData))
        {
            return; // its reader knows what may be there
        }

        foreach (var member in given.EnumerateObject())
        {
            if (!type.Properties.Any(property => property.Name == member.Name))
            {
                problems.Add($"{(path.Length == 0 ? "at root" : "at " + path)}: unexpected property '{Shorten(member.Name)}'");
            }
        }
    }

    private static void CheckValue(string path, JsonElement value, JsonPropertyInfo property, List<string> problems)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var at = At(path);
        if (type == typeof(JsonElement))
        {
            return;
        }

        if (type == typeof(string))
        {
            CheckText(at, value, property, problems);
        }
        else if (type == typeof(bool))
        {
            Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, at + "must be boolean", problems);
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            CheckNumber(at, value, type, property, problems);
        }
        else if (type == typeof(IReadOnlyList<string>))
        {
            Require(value.ValueKind == JsonValueKind.Array, at + "must be array", problems);
            var index = 0;
            foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [])
            {
                Require(item.ValueKind == JsonValueKind.String, $"{At($"{path}/{index++}")}must be string", problems);
            }
        }
        else
        {
            CheckObject(path, value, property.Options.GetTypeInfo(type), problems);
        }
    }

    private static void CheckText(string at, JsonElement value, JsonPropertyInfo property, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            problems.Add(at + "must be string");
            return;
        }

        var text = value.GetString()!;
        if (Find<MinLengthAttribute>(property) is { } min && text.Length < min.Length)
        {
            problems.Add($"{at}must NOT have fewer than {min.Length} characters");
        }

        if (Find<MaxLengthAttribute>(property) is { } max && text.Length > max.Length)
        {
            problems.Add($"{at}must NOT have more than {max.Length} characters");
        }

        if (Find<AllowedValuesAttribute>(property) is { } allowed && !allowed.Values.Contains(text))
        {
            problems.Add(at + "must be equal to one of the allowed values");
        }
    }

    private static void CheckNumber(string at, JsonElement value, Type type, JsonPropertyInfo property, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number)
            || (type == typeof(int) && number is < int.MinValue or > int.MaxValue))
        {
            problems.Add(at + "must be integer");
        }
        else if (Find<RangeAttribute>(property) is { Minimum: int least, Maximum: int most })
        {
            Require(number >= least, $"{at}must be >= {least}", problems);
            Require(number <= most, $"{at}must be <= {most}", problems);
        }
    }

    private static T? Find<T>(JsonPropertyInfo property)
        where T : Attribute => property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();

    private static void Require(bool holds, string problem, List<string> problems)
    {
        if (!holds)
        {
            problems.Add(problem);
        }
    }

    private static string At(string path) => path.Length == 0 ? "" : $"at {path}: ";

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
