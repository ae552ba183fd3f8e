using System.Text.Json;
using OpenClaw.Models.Upstream;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>
/// Errors as providers really send them, from public documentation and reports, and errors that look similar: one line of
/// <c>Data/provider-errors.jsonl</c> each, with the class that it is of. Status 200 means that the error comes inside an answer only;
/// <c>in200</c> means that its words alone say the class.
/// </summary>
internal sealed record ProviderErrorCase(string Who, int Status, UpstreamErrorClass Class, string Body, bool In200)
{
    public static IReadOnlyList<ProviderErrorCase> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "Core", "Models", "Data", "provider-errors.jsonl")).Select(Read),
    ];

    /// <summary>The numbers of the cases that providers send with a status of their own.</summary>
    public static TheoryData<int, string> Refusals => Numbers(static c => c.Status != 200);

    /// <summary>The numbers of the cases whose words say what they mean, without a status.</summary>
    public static TheoryData<int, string> InAnswers => Numbers(static c => c.In200);

    private static TheoryData<int, string> Numbers(Func<ProviderErrorCase, bool> which) =>
        new(All.Index().Where(c => which(c.Item)).Select(c => (c.Index, $"{c.Item.Who} {c.Item.Status} {c.Item.Class}")));

    private static ProviderErrorCase Read(string line)
    {
        var fields = JsonElement.Parse(line);
        return new(
            fields.GetProperty("who").GetString()!, fields.GetProperty("status").GetInt32(),
            Enum.Parse<UpstreamErrorClass>(fields.GetProperty("class").GetString()!), fields.GetProperty("body").GetString()!,
            fields.GetProperty("in200").GetBoolean());
    }
}
