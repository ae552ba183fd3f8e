using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.ChatCompletions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;

namespace OpenClaw.Gateway.Status;

/// <summary>The names that a request's <c>model</c> field takes: agents first, then configured models.</summary>
public sealed class ModelsHandler(AgentCatalog agents, ModelCatalog models, GatewayConfigStore config)
{
    public IResult List()
    {
        CheckEnabled(config.Current);
        return new JsonResult<ModelList>(new ModelList([.. Entries()]), ModelsJson.Default.ModelList);
    }

    /// <exception cref="GatewayException"><c>404 model_not_found</c>.</exception>
    public IResult Get(string id)
    {
        CheckEnabled(config.Current);
        var entry = Entries().FirstOrDefault(e => e.Id.Equals(id, StringComparison.Ordinal))
            ?? (models.Find(id) is { } target ? new ModelEntry(id, target.ProviderId) : null)
            ?? throw new GatewayException(GatewayError.ModelNotFound(id));
        return new JsonResult<ModelEntry>(entry, ModelsJson.Default.ModelEntry);
    }

    /// <summary>Models and embeddings come with the surfaces they belong to.</summary>
    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>.</exception>
    internal static void CheckEnabled(GatewayConfig config)
    {
        var endpoints = config.Gateway.Http.Endpoints;
        if (!endpoints.ChatCompletions.Enabled && !endpoints.Responses.Enabled)
        {
            throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.chatCompletions.enabled"));
        }
    }

    private IEnumerable<ModelEntry> Entries() =>
        agents.All.Select(a => new ModelEntry($"openclaw/{a.Id}", "openclaw"))
            .Prepend(new ModelEntry("openclaw/default", "openclaw"))
            .Prepend(new ModelEntry("openclaw", "openclaw"))
            .Concat(models.List().Select(m => new ModelEntry(m.Reference, m.ProviderId)));
}
