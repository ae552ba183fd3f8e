using OpenClaw.Models;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary>The configured models as clients choose from them.</summary>
internal sealed class ModelsView(ModelCatalog models)
{
    public IReadOnlyList<ModelChoice> List()
    {
        var configured = models.List().Select(model => new ModelChoice(
            model.Info.Id, model.Info.Name ?? model.Info.Id, model.ProviderId, true)
        {
            Tags = model.Reference == models.DefaultReference ? ["default"] : null,
            ContextWindow = model.Info.ContextWindow,
            Reasoning = model.Info.Reasoning,
            Input = model.Info.Input.Count == 0 ? ["text"]
                : [.. model.Info.Input.Select(kind => kind == "pdf" ? "document" : kind)],
        }).ToList();
        if (configured.Count == 0 && models.Find(models.DefaultReference) is { } only)
        {
            configured.Add(new ModelChoice(only.ModelId, only.ModelId, only.ProviderId, true) { Tags = ["default"], Input = ["text"] });
        }

        return configured;
    }
}
