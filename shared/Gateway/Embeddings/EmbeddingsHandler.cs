using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Embeddings;

/// <summary>Vectors for texts. Limits as in OpenClaw.</summary>
public sealed class EmbeddingsHandler(
    ModelCatalog models, RunAdmission admission, BudgetGuard budgets, UsageLedger usage, GatewayConfigStore config, HostTraits host,
    TimeProvider time)
{
    private const int MaxBodyBytes = 5 * 1024 * 1024;
    private const int MaxInputs = 128;
    private const int MaxCharsPerInput = 8_192;
    private const int MaxChars = 65_536;

    /// <exception cref="GatewayException"><c>400</c>, <c>403 agent_not_allowed</c>, <c>404 model_not_found</c>, upstream
    /// failures.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        EnabledEndpoints.RequireModels(config.Current);
        var body = await request.ReadJsonAsync(EmbeddingJson.Default.EmbeddingRequest, MaxBodyBytes, cancellationToken);
        Check(body);
        var caller = request.RequireCaller();
        var selection = request.ReadSelection(caller, body.Model);
        admission.FindAgent(selection, caller); // a key that may use some agents only gets no vectors through others
        var target = models.FindEmbedding(selection.Model)
            ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Requested));
        await budgets.CheckAsync(agent: null, caller, cancellationToken);
        var options = new EmbeddingGenerationOptions { Dimensions = body.Dimensions };
        var vectors = await AnswerLimit.RunAsync(
            host, time, runId: null, token => GenerateAsync(caller, target, body.Input!, options, token), cancellationToken);
        var tokens = vectors.Usage?.InputTokenCount ?? 0;
        var base64 = body.EncodingFormat == "base64";
        return new JsonResult<EmbeddingList>(
            new EmbeddingList(
                [.. vectors.Select((v, i) => new EmbeddingEntry(i, v.Vector, base64))], selection.Requested, new EmbeddingUsage(
                    tokens, tokens)),
            EmbeddingJson.Default.EmbeddingList);
    }

    /// <summary>Makes the vectors and counts their tokens, also when the caller leaves; estimated where the provider reports none. A
    /// refusal of the provider costs nothing.</summary>
    private async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        Caller caller, EmbeddingTarget target, IReadOnlyList<string> input, EmbeddingGenerationOptions options,
        CancellationToken cancellationToken)
    {
        GeneratedEmbeddings<Embedding<float>>? vectors = null;
        var isRefused = false;
        try
        {
            return vectors = await target.Generator.GenerateAsync(input, options, cancellationToken);
        }
        catch (GatewayException)
        {
            isRefused = true;
            throw;
        }
        finally
        {
            if (!isRefused)
            {
                var cost = models.List().FirstOrDefault(m => m.Reference == target.Reference)?.Info.Cost;
                usage.Count(
                    caller, agent: null, session: null, target.Reference,
                    UsageTotals.OfRun(RunUsage.OfInput(vectors?.Usage?.InputTokenCount, input), cost));
            }
        }
    }

    private static void Check(EmbeddingRequest body)
    {
        if (body.Input is not { } input)
        {
            throw new GatewayException(GatewayError.MissingField("input"));
        }

        if (input.Count is 0 or > MaxInputs)
        {
            throw Invalid("input", $"1 to {MaxInputs} texts.");
        }

        var total = 0;
        for (var i = 0; i < input.Count; i++)
        {
            if (input[i].Length is 0 or > MaxCharsPerInput)
            {
                throw Invalid($"input[{i}]", $"1 to {MaxCharsPerInput} characters.");
            }

            total += input[i].Length;
        }

        if (total > MaxChars)
        {
            throw Invalid("input", $"at most {MaxChars} characters in all.");
        }

        if (body.EncodingFormat is not (null or "float" or "base64"))
        {
            throw Invalid("encoding_format", "'float' or 'base64'.");
        }

        if (body.Dimensions is < 1 or > 8_192)
        {
            throw Invalid("dimensions", "1 to 8192.");
        }
    }

    private static GatewayException Invalid(string param, string message) => new(GatewayError.InvalidValue(param, message));
}
