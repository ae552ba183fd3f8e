using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;

namespace OpenClaw.Gateway.Status;

/// <summary>The names that a request's <c>model</c> field takes: agents first, then configured models.</summary>
public sealed class ModelsHandler(AgentCatalog agents, ModelCatalog models, ModelAliases aliases, GatewayConfigStore config)
{
    public IResult List()
    {
        EnabledEndpoints.RequireModels(config.Current);
        return new JsonResult<ModelList>(new ModelList([.. Entries()]), ModelsJson.Default.ModelList);
    }

    /// <exception cref="GatewayException"><c>404 model_not_found</c>.</exception>
    public IResult Get(string id)
    {
        EnabledEndpoints.RequireModels(config.Current);
        var meant = aliases.Resolve(id)!;
        var entry = Entries().FirstOrDefault(e => e.Id.Equals(meant, StringComparison.Ordinal)) is { } listed ? listed with { Id = id }
            : models.Find(meant) is { } target ? new ModelEntry(id, target.ProviderId)
            : throw new GatewayException(GatewayError.ModelNotFound(id));
        return new JsonResult<ModelEntry>(entry, ModelsJson.Default.ModelEntry);
    }

    private IEnumerable<ModelEntry> Entries() =>
        agents.All.Select(a => new ModelEntry($"openclaw/{a.Id}", "openclaw"))
            .Prepend(new ModelEntry("openclaw/default", "openclaw"))
            .Prepend(new ModelEntry("openclaw", "openclaw"))
            .Concat(models.List().Select(m => new ModelEntry(m.Reference, m.ProviderId)));
}
