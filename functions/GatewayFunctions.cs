using OpenClaw.Functions.Triggers;

namespace OpenClaw.Functions;

/// <summary>The list of the app's functions: one line each.</summary>
public static class GatewayFunctions
{
    public static FunctionCatalog Create() => new FunctionCatalog()
        .Add<Health>(static (f, request, token) => f.RunAsync(request, token))
        .Add<Healthz>(static (f, request, token) => f.RunAsync(request, token))
        .Add<Startupz>(static (f, request, token) => f.RunAsync(request, token))
        .Add<Readyz>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ListModels>(static (f, request, token) => f.RunAsync(request, token))
        .Add<GetModel>(static (f, request, token) => f.RunAsync(request, token))
        .Add<CreateChatCompletion>(static (f, request, token) => f.RunAsync(request, token))
        .Add<CreateResponse>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ConnectResponses>(static (f, request, token) => f.RunAsync(request, token))
        .Add<CompactResponse>(static (f, request, token) => f.RunAsync(request, token))
        .Add<CountInputTokens>(static (f, request, token) => f.RunAsync(request, token))
        .Add<GetResponse>(static (f, request, token) => f.RunAsync(request, token))
        .Add<DeleteResponse>(static (f, request, token) => f.RunAsync(request, token))
        .Add<CancelResponse>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ListResponseInput>(static (f, request, token) => f.RunAsync(request, token))
        .Add<CreateEmbedding>(static (f, request, token) => f.RunAsync(request, token))
        .Add<GetHealthDetails>(static (f, request, token) => f.RunAsync(request, token))
        .Add<GetStatus>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ListModelInfo>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ListChannels>(static (f, request, token) => f.RunAsync(request, token))
        .Add<SendMessage>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ListSessions>(static (f, request, token) => f.RunAsync(request, token))
        .Add<ExportSession>(static (f, request, token) => f.RunAsync(request, token))
        .Add<GetSession>(static (f, request, token) => f.RunAsync(request, token))
        .Add<OperateSession>(static (f, request, token) => f.RunAsync(request, token))
        .Add<DeleteSession>(static (f, request, token) => f.RunAsync(request, token))
        .Add<GetSessionHistory>(static (f, request, token) => f.RunAsync(request, token))
        .AddTimer<SweepSessions>(static (f, timer, token) => f.RunAsync(timer, token))
        .Add<NotFound>(static (f, request, token) => f.RunAsync(request, token));
}
