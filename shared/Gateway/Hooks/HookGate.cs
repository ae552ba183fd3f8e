using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security.Signatures;

namespace OpenClaw.Gateway.Hooks;

/// <summary>A call that was proven.</summary>
/// <param name="Mapping">Null for <c>wake</c> and <c>agent</c>.</param>
/// <param name="Event">What the sender's signature says; null for a call with the hook token.</param>
internal sealed record ProvenHook(byte[] Body, HookMappingSection? Mapping, SignedEvent? Event);

/// <summary>Lets calls in.
/// <code>
/// (1) mappings of the path ─► (2) hook token, or headers of a signature that one of them asks for ─► (3) body, limited in bytes and time
///  ─► (4) signatures over its bytes ─► (5) JSON ─► (6) the first mapping that fits owns the call: its own signature, or the token
/// </code></summary>
public sealed class HookGate(HookAuth auth)
{
    private static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);

    /// <exception cref="GatewayException"><c>401</c>, <c>429</c>, <c>404</c>, <c>408</c>, <c>413</c>, <c>415</c>, <c>400</c>.</exception>
    internal async Task<ProvenHook> LetInAsync(HttpRequest request, HooksSection hooks, HookPath path, CancellationToken cancellationToken)
    {
        var mappings = path.IsBuiltIn ? [] : HookMappings.OfPath(hooks, path.Name); // (1)
        var signed = mappings.Where(m => m.Signature is { } scheme && auth.MayBeSigned(request, scheme)).ToList(); // (2)
        var takesToken = mappings.Count == 0 || mappings.Any(m => m.Signature is null);
        var hasToken = takesToken && (signed.Count == 0 || HookAuth.ShowsToken(request, hooks, path));
        if (hasToken)
        {
            await auth.CheckTokenAsync(request, hooks, path);
        }
        else if (signed.Count == 0)
        {
            throw await auth.FailAsync(request.HttpContext);
        }

        if (mappings.Count == 0 && !path.IsBuiltIn)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var body = await request.ReadBytesAsync(hooks.MaxBodyBytes, BodyTime, cancellationToken); // (3)
        var events = new Dictionary<HookMappingSection, SignedEvent>(ReferenceEqualityComparer.Instance);
        foreach (var mapping in signed) // (4)
        {
            if (auth.Verify(request, mapping.Signature!, body) is { } verified)
            {
                events.Add(mapping, verified);
            }
        }

        if (!hasToken && events.Count == 0)
        {
            throw await auth.FailAsync(request.HttpContext);
        }

        if (path.IsBuiltIn)
        {
            return new ProvenHook(body, null, null);
        }

        using var payload = JsonBody.Parse(body, HooksJson.Default.JsonDocument); // (5)
        var owner = HookMappings.OwnerOf(mappings, payload.RootElement) ?? throw new GatewayException(GatewayError.NotFound()); // (6)
        var own = events.GetValueOrDefault(owner);
        if (owner.Signature is null ? !hasToken : own is null)
        {
            throw await auth.FailAsync(request.HttpContext);
        }

        return new ProvenHook(body, owner, own is null ? null : own with { Id = own.Id ?? IdIn(payload.RootElement) });
    }

    /// <summary>The id of an event that its sender puts into the body, as Stripe does.</summary>
    private static string? IdIn(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString() : null;
}
