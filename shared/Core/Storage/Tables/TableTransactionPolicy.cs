using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace OpenClaw.Storage.Tables;

/// <summary>
/// Sends a <see cref="TableTransaction"/> through the SDK's pipeline: this policy comes first, retries and the signature after it. The
/// client sends only requests of its own, so a delete, which has no body, carries the transaction: here it becomes the batch, and it is
/// answered with <c>204</c> when the service took the batch, whatever the answer inside says.
/// </summary>
internal sealed class TableTransactionPolicy(Uri tables) : HttpPipelinePolicy
{
    /// <summary>Keys of the delete: no row can have them, so that without this policy the service would refuse it.</summary>
    public const string Key = "/";

    private const string Property = "OpenClaw.TableTransaction";

    private readonly string _url = tables.AbsoluteUri.TrimEnd('/');

    /// <summary>Until it is disposed, requests of this flow of control carry the transaction.</summary>
    public static IDisposable Carry(TableTransaction transaction, string table) =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = (transaction, table) });

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (!message.TryGetProperty(Property, out var value) || value is not (TableTransaction transaction, string table))
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        var request = message.Request;
        request.Method = RequestMethod.Post;
        request.Uri.Reset(new Uri(_url + "/$batch"));
        request.Headers.Remove("If-Match");
        request.Headers.SetValue("Content-Type", $"multipart/mixed; boundary=batch_{transaction.Boundary}");
        request.Content = RequestContent.Create(transaction.Write($"{_url}/{table}"));
        await ProcessNextAsync(message, pipeline);
        if (message.Response.Status == 202)
        {
            transaction.Read(message.Response);
            message.Response = new Accepted(message.Response);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Storage is called asynchronously only.");

    private sealed class Accepted(Response answer) : Response
    {
        public override int Status => 204;

        public override string ReasonPhrase => answer.ReasonPhrase;

        public override Stream? ContentStream { get => answer.ContentStream; set => answer.ContentStream = value; }

        public override string ClientRequestId { get => answer.ClientRequestId; set => answer.ClientRequestId = value; }

        public override void Dispose() => answer.Dispose();

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
            answer.Headers.TryGetValue(name, out value);

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values) =>
            answer.Headers.TryGetValues(name, out values);

        protected override bool ContainsHeader(string name) => answer.Headers.Contains(name);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => answer.Headers;
    }
}
