using Azure.Core;
using Azure.Identity;

namespace OpenClaw.Storage;

/// <summary>How the gateway proves to other Azure services who it is.</summary>
internal static class AzureIdentity
{
    /// <summary>The managed identity of the host. It keeps its tokens and renews them before they expire; nothing is asked for before the
    /// first use.</summary>
    /// <param name="clientId">A user-assigned identity's client id; null for the system-assigned one.</param>
    public static TokenCredential Create(string? clientId) => new ManagedIdentityCredential(
        clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId));
}
