using OpenClaw.Tests.Support.Protocol;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed class WireTests
{
    /// <summary>The stand-in host's messages have the numbers of the protocol.</summary>
    [Theory]
    [InlineData("StreamingMessage", "request_id=1 rpc_log=2 invocation_request=4 invocation_response=5 function_load_request=8 function_load_response=9 worker_status_request=12 worker_status_response=13 worker_terminate=14 worker_init_response=16 worker_init_request=17 start_stream=20 invocation_cancel=21 function_environment_reload_request=25 function_environment_reload_response=26 functions_metadata_request=29 function_metadata_response=30 worker_warmup_request=33 worker_warmup_response=34")]
    [InlineData("StartStream", "worker_id=2")]
    [InlineData("WorkerInitRequest", "host_version=1 capabilities=2 worker_directory=4 function_app_directory=5")]
    [InlineData("WorkerInitResponse", "capabilities=2 result=3 worker_metadata=4")]
    [InlineData("FunctionsMetadataRequest", "function_app_directory=1")]
    [InlineData("FunctionMetadataResponse", "function_metadata_results=1 result=2 use_default_metadata_indexing=3")]
    [InlineData("FunctionLoadRequest", "function_id=1 metadata=2")]
    [InlineData("FunctionLoadResponse", "function_id=1 result=2")]
    [InlineData("InvocationRequest", "invocation_id=1 function_id=2 input_data=3 trigger_metadata=4 trace_context=5")]
    [InlineData("InvocationResponse", "invocation_id=1 result=3")]
    [InlineData("InvocationCancel", "invocation_id=2")]
    [InlineData("FunctionEnvironmentReloadRequest", "environment_variables=1 function_app_directory=2")]
    [InlineData("FunctionEnvironmentReloadResponse", "worker_metadata=1 capabilities=2 result=3")]
    [InlineData("WorkerWarmupResponse", "result=1")]
    [InlineData("StatusResult", "exception=2 status=4")]
    [InlineData("RpcException", "stack_trace=1 message=2 source=3 is_user_exception=4 type=5")]
    [InlineData("WorkerMetadata", "runtime_name=1 runtime_version=2 worker_version=3 worker_bitness=4")]
    [InlineData("RpcFunctionMetadata", "directory=1 script_file=2 entry_point=3 name=4 status=8 language=9 raw_bindings=10 function_id=13")]
    [InlineData("ParameterBinding", "name=1 data=2")]
    [InlineData("TypedData", "string=1 json=2")]
    [InlineData("RpcTraceContext", "trace_parent=1 trace_state=2")]
    [InlineData("RpcLog", "invocation_id=1 category=2 level=3 message=4 event_id=5 exception=6 log_category=8")]
    public void Fields_have_the_numbers_of_the_protocol(string message, string fields)
    {
        var type = FunctionRpcReflection.Descriptor.MessageTypes.Single(t => t.Name == message);

        Assert.Equal(fields, string.Join(' ', type.Fields.InFieldNumberOrder().Select(static f => $"{f.Name}={f.FieldNumber}")));
    }
}
