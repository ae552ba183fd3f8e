using System.Text.Json;

namespace OpenClaw.Tests.Conformance;

/// <summary>The public schemas of responses and their stream, as tables. A field is <c>name:type</c>, with <c>?</c> behind the
/// type when null is allowed and <c>~</c> before the name when it may be left out. Types: string, int, number, bool, object, any,
/// <c>=a|b</c> for words, <c>[t]</c> for arrays, <c>@shape</c>, <c>%union</c> told apart by <c>type</c>, <c>a/b</c> for either.
/// Source: OpenResponses 2026-04-24.</summary>
internal static class ResponseSchema
{
    private const string Part = "type:string item_id:string output_index:int content_index:int ";
    private const string Summary = "type:string item_id:string output_index:int summary_index:int ";
    private const string Call = "type:string item_id:string output_index:int ";
    private const string State = "type:string response:@response";

    private static readonly Dictionary<string, string> Shapes = new(StringComparer.Ordinal)
    {
        ["response"] = "id:string object:=response created_at:int completed_at:int? status:=in_progress|completed|incomplete|failed|queued "
            + "incomplete_details:@incomplete? model:string previous_response_id:string? instructions:string? output:[%item] error:@error? "
            + "tools:[@tool] tool_choice:=none|auto|required/@pinned/@allowed truncation:=auto|disabled parallel_tool_calls:bool text:@text "
            + "top_p:number temperature:number presence_penalty:number frequency_penalty:number top_logprobs:int reasoning:@reasoning? "
            + "usage:@usage? max_output_tokens:int? max_tool_calls:int? store:bool background:bool service_tier:string metadata:any "
            + "safety_identifier:string? prompt_cache_key:string?",
        ["compaction"] = "id:string object:=response.compaction output:[%item] created_at:int usage:@usage",
        ["incomplete"] = "reason:string",
        ["error"] = "code:string message:string",
        ["tool"] = "type:=function name:string description:string? parameters:object? strict:bool?",
        ["pinned"] = "type:=function ~name:string",
        ["allowed"] = "type:=allowed_tools tools:[object] mode:=none|auto|required",
        ["text"] = "format:@format ~verbosity:=low|medium|high",
        ["format"] = "type:=text|json_object|json_schema",
        ["reasoning"] = "effort:=none|minimal|low|medium|high|xhigh? summary:=concise|detailed|auto?",
        ["usage"] = "input_tokens:int output_tokens:int total_tokens:int input_tokens_details:@cached output_tokens_details:@thought",
        ["cached"] = "cached_tokens:int",
        ["thought"] = "reasoning_tokens:int",
        ["item.message"] = "type:string id:string status:=in_progress|completed|incomplete role:=user|assistant|system|developer content:[%part] ~phase:=commentary|final_answer",
        ["item.function_call"] =
            "type:string id:string call_id:string name:string arguments:string status:=in_progress|completed|incomplete",
        ["item.function_call_output"] =
            "type:string id:string call_id:string output:string/[%part] status:=in_progress|completed|incomplete",
        ["item.reasoning"] = "type:string id:string summary:[%part] ~content:[%part] ~encrypted_content:string",
        ["item.compaction"] = "type:string id:string encrypted_content:string ~created_by:string",
        ["part.output_text"] = "type:string text:string annotations:[object] ~logprobs:[any]",
        ["part.refusal"] = "type:string refusal:string",
        ["part.input_text"] = "type:string text:string",
        ["part.input_image"] = "type:string image_url:string? detail:=low|high|auto",
        ["part.input_file"] = "type:string ~filename:string ~file_url:string",
        ["part.summary_text"] = "type:string text:string",
        ["part.reasoning_text"] = "type:string text:string",
        ["part.text"] = "type:string text:string",
        ["failure"] = "type:string code:string? message:string param:string? ~headers:object",
        ["socketError"] = "type:=error status:int error:@socketFailure",
        ["socketFailure"] = "code:string message:string ~type:string ~param:string?",
        ["event.response.created"] = State,
        ["event.response.queued"] = State,
        ["event.response.in_progress"] = State,
        ["event.response.completed"] = State,
        ["event.response.failed"] = State,
        ["event.response.incomplete"] = State,
        ["event.response.output_item.added"] = "type:string output_index:int item:%item",
        ["event.response.output_item.done"] = "type:string output_index:int item:%item",
        ["event.response.content_part.added"] = Part + "part:%part",
        ["event.response.content_part.done"] = Part + "part:%part",
        ["event.response.output_text.delta"] = Part + "delta:string ~logprobs:[any] ~obfuscation:string",
        ["event.response.output_text.done"] = Part + "text:string ~logprobs:[any]",
        ["event.response.output_text.annotation.added"] = Part + "annotation_index:int annotation:object?",
        ["event.response.refusal.delta"] = Part + "delta:string",
        ["event.response.refusal.done"] = Part + "refusal:string",
        ["event.response.function_call_arguments.delta"] = Call + "delta:string ~obfuscation:string",
        ["event.response.function_call_arguments.done"] = Call + "arguments:string",
        ["event.response.reasoning.delta"] = Part + "delta:string ~obfuscation:string",
        ["event.response.reasoning.done"] = Part + "text:string",
        ["event.response.reasoning_summary_part.added"] = Summary + "part:%part",
        ["event.response.reasoning_summary_part.done"] = Summary + "part:%part",
        ["event.response.reasoning_summary_text.delta"] = Summary + "delta:string ~obfuscation:string",
        ["event.response.reasoning_summary_text.done"] = Summary + "text:string",
        ["event.error"] = "type:string error:@failure",
    };

    private static readonly Dictionary<string, Field[]> Parsed = Shapes.ToDictionary(
        s => s.Key, s => Parse(s.Value), StringComparer.Ordinal);

    public static IEnumerable<string> RequiredKeys(string shape) => Parsed[shape].Where(f => !f.Optional).Select(f => f.Name);

    public static IEnumerable<string> NonNullKeys(string shape) =>
        Parsed[shape].Where(f => !f.Nullable && f.Type != "any").Select(f => f.Name);

    public static int EventTypes => Shapes.Keys.Count(k => k.StartsWith("event.", StringComparison.Ordinal));

    /// <summary>What is wrong with a value of this shape; empty when nothing is.</summary>
    public static List<string> Check(JsonElement value, string shape)
    {
        var faults = new List<string>();
        CheckShape(value, shape, "$", faults);
        return faults;
    }

    /// <summary>What is wrong with a stream event.</summary>
    public static List<string> CheckEvent(JsonElement value)
    {
        var faults = new List<string>();
        CheckType(value, "%event", false, "$", faults);
        if (!IsInteger(value, "sequence_number"))
        {
            faults.Add("$.sequence_number is no integer");
        }

        return faults;
    }

    private static bool IsInteger(JsonElement value, string name) =>
        value.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out _);

    private static void CheckShape(JsonElement value, string shape, string path, List<string> faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{path} is no object");
            return;
        }

        foreach (var field in Parsed[shape])
        {
            if (value.TryGetProperty(field.Name, out var child))
            {
                CheckType(child, field.Type, field.Nullable, $"{path}.{field.Name}", faults);
            }
            else if (!field.Optional)
            {
                faults.Add($"{path}.{field.Name} is missing");
            }
        }
    }

    private static void CheckType(JsonElement value, string type, bool nullable, string path, List<string> faults)
    {
        if (nullable && value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (type.Contains('/', StringComparison.Ordinal))
        {
            CheckEither(value, type.Split('/'), path, faults);
            return;
        }

        switch (type[0])
        {
            case '@':
                CheckShape(value, type[1..], path, faults);
                break;
            case '%':
                var name = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var word) ? word.ToString() : "";
                if (Parsed.ContainsKey($"{type[1..]}.{name}"))
                {
                    CheckShape(value, $"{type[1..]}.{name}", path, faults);
                }
                else
                {
                    faults.Add($"{path} has the unknown type '{name}'");
                }

                break;
            case '[' when value.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    CheckType(element, type[1..^1], false, $"{path}[{index++}]", faults);
                }

                break;
            default:
                if (!IsPlain(value, type))
                {
                    faults.Add($"{path} is {value.GetRawText()}, not {type}");
                }

                break;
        }
    }

    private static void CheckEither(JsonElement value, string[] types, string path, List<string> faults)
    {
        var least = types.Select(t =>
        {
            var mine = new List<string>();
            CheckType(value, t, false, path, mine);
            return mine;
        }).MinBy(f => f.Count)!;
        faults.AddRange(least);
    }

    private static bool IsPlain(JsonElement value, string type) => type switch
    {
        "any" => true,
        "string" => value.ValueKind == JsonValueKind.String,
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => type[0] == '=' && value.ValueKind == JsonValueKind.String
            && type[1..].Split('|').Contains(value.GetString(), StringComparer.Ordinal),
    };

    private static Field[] Parse(string shape) =>
        [.. shape.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text =>
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var (name, type) = (text[..colon], text[(colon + 1)..]);
            return new Field(name.TrimStart('~'), type.TrimEnd('?'), type[^1] == '?', name[0] == '~');
        })];

    private sealed record Field(string Name, string Type, bool Nullable, bool Optional);
}
