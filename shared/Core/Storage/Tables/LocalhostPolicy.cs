using Azure.Core;
using Azure.Core.Pipeline;

namespace OpenClaw.Storage.Tables;

/// <summary>
/// Keeps Azure.Data.Tables from taking <c>localhost</c> on a port other than 10002 for Cosmos DB: it would send merges as POST, which the
/// storage emulator takes for inserts inside a batch (<c>409 EntityAlreadyExists</c>). The client is made for the loopback address; this
/// puts the name back before a request is sent, so that name resolution and certificates see what is configured.
/// </summary>
internal sealed class LocalhostPolicy : HttpPipelineSynchronousPolicy
{
    private const string Name = "localhost";

    /// <summary>The address to make the client for; adds the policy where it is needed.</summary>
    public static Uri Apply(Uri tables, ClientOptions options)
    {
        if (!string.Equals(tables.Host, Name, StringComparison.OrdinalIgnoreCase))
        {
            return tables;
        }

        options.AddPolicy(new LocalhostPolicy(), HttpPipelinePosition.BeforeTransport);
        return new UriBuilder(tables) { Host = "127.0.0.1" }.Uri;
    }

    public override void OnSendingRequest(HttpMessage message) => message.Request.Uri.Host = Name;
}
