using Microsoft.Azure.Functions.Worker;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>An invocation's context with a token of our own, which ends with the original one or earlier.</summary>
internal sealed class CancellableContext(FunctionContext inner, CancellationToken cancellationToken) : FunctionContext
{
    public override string InvocationId => inner.InvocationId;

    public override string FunctionId => inner.FunctionId;

    public override TraceContext TraceContext => inner.TraceContext;

    public override BindingContext BindingContext => inner.BindingContext;

    public override RetryContext RetryContext => inner.RetryContext;

    public override FunctionDefinition FunctionDefinition => inner.FunctionDefinition;

    public override IInvocationFeatures Features => inner.Features;

    public override CancellationToken CancellationToken => cancellationToken;

    public override IServiceProvider InstanceServices
    {
        get => inner.InstanceServices;
        set => inner.InstanceServices = value;
    }

    public override IDictionary<object, object> Items
    {
        get => inner.Items;
        set => inner.Items = value;
    }
}
