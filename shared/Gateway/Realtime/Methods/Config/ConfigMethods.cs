using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Editing;
using OpenClaw.Configuration.Parsing;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Models.Providers;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Config;

/// <summary><c>config.*</c>: reads, describes and changes the configuration.</summary>
internal sealed class ConfigMethods(ConfigView view, ConfigWriter writer, TimeProvider time) : IControlMethods
{
    /// <summary>Made when first asked for; it is the same as long as the program runs.</summary>
    private readonly Lazy<ConfigSchema> _schema = new(static () => new ConfigSchema(ProviderApis.Rules));

    public void AddTo(MethodTable table)
    {
        var json = ConfigMethodsJson.Default;
        table.Add("config.get", Scope.OperatorRead, json.EmptyParams, json.ConfigGetResult, (_, _, _) => Task.FromResult(view.Get()));
        table.Add("config.schema", Scope.OperatorRead, json.EmptyParams, json.ConfigSchemaResult, (_, _, _) => Task.FromResult(Describe()));
        table.Add("config.set", Scope.OperatorAdmin, json.ConfigSetParams, json.ConfigWritten, (call, given, _) =>
            Task.FromResult(Replace(call, given)), isOffered: view.IsWritable);
        table.Add("config.apply", Scope.OperatorAdmin, json.ConfigApplyParams, json.ConfigWritten, (call, given, _) =>
            Task.FromResult(Replace(call, given)), isOffered: view.IsWritable);
        table.Add("config.patch", Scope.OperatorAdmin, json.ConfigPatchParams, json.ConfigWritten, (call, given, _) =>
            Task.FromResult(Patch(call, given)), isOffered: view.IsWritable);
    }

    private ConfigSchemaResult Describe() => new(
        _schema.Value.Schema, _schema.Value.Hints, ConnectionHub.Version, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));

    private ConfigWritten Replace(ControlCall call, ConfigSetParams given)
    {
        var document = Parse(given.Raw);
        return writer.Write(call.Caller, call.Frame.Method, given.BaseHash, _ => document);
    }

    private ConfigWritten Patch(ControlCall call, ConfigPatchParams given)
    {
        var patch = Parse(given.Raw);
        return writer.Write(call.Caller, call.Frame.Method, given.BaseHash, stored =>
        {
            var patched = ConfigPatch.Apply(stored, patch, given.ReplacePaths ?? [], out var refused);
            return refused.Count == 0 ? patched : throw ConfigWriter.Invalid(refused.Select(path => new RpcIssue(
                path, $"{path} would lose entries: name it in 'replacePaths' when that is meant.")));
        });
    }

    private static ConfigNode Parse(string raw)
    {
        var document = ConfigDocument.Parse(raw, out var problem);
        return problem is null ? document : throw ConfigWriter.Invalid([new RpcIssue(problem.Path, problem.ToString())]);
    }
}
