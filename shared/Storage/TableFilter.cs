using System.Globalization;

namespace OpenClaw.Storage;

/// <summary>A condition on properties, built so that no value can end its own quotes. Source: REST reference, "Querying tables and entities".</summary>
public sealed class TableFilter
{
    private TableFilter(string text) => Text = text;

    /// <summary>OData text, not percent-encoded.</summary>
    internal string Text { get; }

    public static TableFilter Equal(string property, object value) => Compare(property, "eq", value);

    public static TableFilter NotEqual(string property, object value) => Compare(property, "ne", value);

    public static TableFilter Less(string property, object value) => Compare(property, "lt", value);

    public static TableFilter LessOrEqual(string property, object value) => Compare(property, "le", value);

    public static TableFilter Greater(string property, object value) => Compare(property, "gt", value);

    public static TableFilter GreaterOrEqual(string property, object value) => Compare(property, "ge", value);

    public TableFilter And(TableFilter other) => new($"({Text}) and ({other.Text})");

    public TableFilter Or(TableFilter other) => new($"({Text}) or ({other.Text})");

    internal static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static TableFilter Compare(string property, string comparison, object value)
    {
        if (property is not ("PartitionKey" or "RowKey" or "Timestamp"))
        {
            TableEntity.CheckName(property);
        }

        return new($"{property} {comparison} {Literal(property, value)}");
    }

    private static string Literal(string property, object value) => value switch
    {
        string text => Quote(text),
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        bool truth => truth ? "true" : "false",
        double number when double.IsFinite(number) => WithFraction(number.ToString("R", CultureInfo.InvariantCulture)),
        DateTimeOffset date => $"datetime'{TableJson.Format(date)}'",
        Guid guid => $"guid'{guid:D}'",
        byte[] bytes => $"X'{Convert.ToHexStringLower(bytes)}'",
        _ => throw new ArgumentException($"A filter on {property} cannot compare with this {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>A whole number would be taken for an integer.</summary>
    private static string WithFraction(string number) => number.AsSpan().ContainsAny('.', 'E') ? number : number + ".0";
}
