using System.Globalization;
using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>Invocations that no HTTP request asks for.</summary>
public sealed partial class FunctionsHost
{
    /// <summary>Fires a timer function. Its end is the result of the invocation.</summary>
    public async Task<HostInvocation> FireTimerAsync(string function, bool isPastDue = false)
    {
        var invocation = Invocations.Open(function);
        var request = NewRequest(invocation);
        var data = $$"""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":{{(isPastDue ? "true" : "false")}}}""";
        request.InvocationRequest.InputData.Add(new ParameterBinding { Name = "timer", Data = new TypedData { Json = data } });
        await Worker.Channel.SendAsync(request);
        return invocation;
    }

    /// <summary>Delivers a queue message. Its end is the result of the invocation.</summary>
    internal async Task<HostInvocation> FireQueueAsync(string function, string parameter, string text, long dequeueCount)
    {
        await ReadyAsync();
        var invocation = Invocations.Open(function);
        var request = NewRequest(invocation);
        request.InvocationRequest.InputData.Add(new ParameterBinding { Name = parameter, Data = new TypedData { String = text } });
        request.InvocationRequest.TriggerMetadata.Add(
            "DequeueCount", new TypedData { Json = dequeueCount.ToString(CultureInfo.InvariantCulture) });
        await Worker.Channel.SendAsync(request);
        return invocation;
    }

    /// <summary>Asks the worker to stop an invocation, without any HTTP connection being closed.</summary>
    public Task CancelAsync(HostInvocation invocation) => Worker.Channel.SendAsync(new StreamingMessage
    {
        InvocationCancel = new InvocationCancel { InvocationId = invocation.Id },
    });

    /// <summary>Names an invocation on the stream for which no request was or will be forwarded by this host.</summary>
    public async Task<HostInvocation> InvokeWithoutRequestAsync(string function, string? id = null)
    {
        var invocation = Invocations.Open(function, id);
        await Worker.Channel.SendAsync(NewRequest(invocation));
        return invocation;
    }

    private StreamingMessage NewRequest(HostInvocation invocation) => new()
    {
        InvocationRequest = new InvocationRequest
        {
            InvocationId = invocation.Id,
            FunctionId = Worker.IdOf(invocation.Function),
            TraceContext = new RpcTraceContext { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
        },
    };
}
