using OpenClaw.Functions.Triggers;

namespace OpenClaw.Functions;

/// <summary>The list of the app's functions: one line each.</summary>
public static class GatewayFunctions
{
    public static FunctionCatalog Create() => new FunctionCatalog()
        .Add<Health>(static (f, request, token) => f.RunAsync(request, token))
        .Add<NotFound>(static (f, request, token) => f.RunAsync(request, token));
}
