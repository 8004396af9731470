using SglNative.Server.Http;
using SglNative.Server.Native;
using SglNative.Server.OpenAi;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Http;

/// <summary>Every field that SGLang knows is read, refused or passed over on purpose; none falls through.</summary>
public class KnownFieldTests(DemoServer demo)
{
    private const string Generate = """
        rid session_id text input_ids input_embeds image_data video_data audio_data mm_hashes mm_content_hashes use_audio_in_video video_config sampling_params return_logprob
        logprob_start_len top_logprobs_num token_ids_logprob return_sampling_mask return_text_in_logprobs return_flat_raw_top_logprobs return_flat_raw_top_logprobs_b64 stream
        log_metrics return_hidden_states return_routed_experts routed_experts_start_len return_indexer_topk modalities session_params lora_path lora_id custom_logit_processor
        positional_embed_overrides bootstrap_host bootstrap_port bootstrap_room bootstrap_pair_key decode_tp_size routed_dp_rank data_parallel_rank disagg_prefill_dp_rank
        kv_router_hint routing_key conversation_id background require_reasoning max_thinking_tokens priority extra_key cache_salt no_logs custom_labels return_bytes return_entropy
        return_prompt_token_ids external_trace_header max_dynamic_patch min_dynamic_patch image_max_dynamic_patch video_max_dynamic_patch images_config multi_item_delimiter_indices
        """;

    private const string Sampling = """
        max_new_tokens stop stop_token_ids stop_regex temperature top_p top_k min_p frequency_penalty presence_penalty repetition_penalty min_new_tokens n json_schema regex ebnf
        structural_tag ignore_eos skip_special_tokens spaces_between_special_tokens no_stop_trim custom_params stream_interval logit_bias sampling_seed
        """;

    private const string OpenAi = """
        model max_tokens temperature top_p n stream stream_options stop seed logit_bias user presence_penalty frequency_penalty logprobs top_k min_p min_tokens repetition_penalty
        stop_token_ids stop_regex no_stop_trim ignore_eos skip_special_tokens lora_path json_schema regex ebnf response_format session_params custom_logit_processor rid extra_key
        cache_salt priority return_hidden_states return_token_ids bootstrap_host bootstrap_port bootstrap_room
        """;

    private const string Chat = OpenAi + """
         messages max_completion_tokens top_logprobs tools tool_choice parallel_tool_calls functions function_call reasoning_effort chat_template_kwargs continue_final_message
        separate_reasoning stream_reasoning modalities audio prediction store metadata service_tier web_search_options verbosity
        """;

    private const string Completion = OpenAi + " prompt suffix echo best_of";

    /// <summary>Read by the code; a test elsewhere shows what each does.</summary>
    private const string Read = """
        rid text input_ids sampling_params return_logprob logprob_start_len top_logprobs_num return_text_in_logprobs stream max_new_tokens stop stop_token_ids temperature top_p top_k
        min_p frequency_penalty presence_penalty repetition_penalty min_new_tokens n ignore_eos skip_special_tokens no_stop_trim stream_interval logit_bias sampling_seed model
        max_tokens stream_options seed logprobs min_tokens response_format messages max_completion_tokens top_logprobs reasoning_effort chat_template_kwargs continue_final_message
        modalities prompt echo best_of
        """;

    [Fact]
    public void Each_is_in_a_list()
    {
        var read = Words(Read).ToHashSet();
        Covered(Generate, GenerateBody.Policy);
        Covered(Sampling, NativeSampling.Policy);
        Covered(Chat, ChatCompletionsEndpoint.Policy);
        Covered(Completion, CompletionsEndpoint.Policy);

        void Covered(string fields, FieldPolicy policy) =>
            Assert.Empty(Words(fields).Except(read).Except(policy.NotYet).Except(policy.Ignored));
    }

    [Fact]
    public async Task What_is_not_there_yet_is_refused_by_name()
    {
        foreach (var field in GenerateBody.Policy.NotYet) await Refused("generate", "\"text\":\"a\"", field);
        foreach (var field in ChatCompletionsEndpoint.Policy.NotYet) await Refused("v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]", field);
        foreach (var field in CompletionsEndpoint.Policy.NotYet) await Refused("v1/completions", "\"prompt\":\"a\"", field);

        async Task Refused(string path, string rest, string field)
        {
            foreach (var value in new[] { "true", "\"x\"", "1", "[1]", "{\"a\":1}" })
                Assert.Matches($"^{field}: .+ not supported yet; leave the field out$", await demo.Api.FailAsync(path, $"{{{rest},\"{field}\":{value}}}"));
        }
    }

    [Fact]
    public async Task A_field_that_asks_for_nothing_is_fine()
    {
        foreach (var value in new[] { "null", "false", "[]", "{}", "\"\"" })
        {
            var all = string.Concat(GenerateBody.Policy.NotYet.Select(field => $",\"{field}\":{value}"));
            await demo.Api.PostAsync("generate", $"{{\"text\":\"a\",\"sampling_params\":{{\"max_new_tokens\":1}}{all}}}");
            all = string.Concat(ChatCompletionsEndpoint.Policy.NotYet.Select(field => $",\"{field}\":{value}"));
            await demo.Api.PostAsync("v1/chat/completions", $"{{\"messages\":[{{\"role\":\"user\",\"content\":\"a\"}}],\"max_tokens\":1{all}}}");
        }
    }

    [Fact]
    public async Task What_makes_no_difference_is_passed_over()
    {
        foreach (var value in new[] { "true", "\"x\"", "1", "[1]", "{\"a\":1}" })
        {
            var all = string.Concat(GenerateBody.Policy.Ignored.Select(field => $",\"{field}\":{value}"));
            await demo.Api.PostAsync("generate", $"{{\"text\":\"a\",\"sampling_params\":{{\"max_new_tokens\":1}}{all}}}");
            all = string.Concat(ChatCompletionsEndpoint.Policy.Ignored.Select(field => $",\"{field}\":{value}"));
            await demo.Api.PostAsync("v1/chat/completions", $"{{\"messages\":[{{\"role\":\"user\",\"content\":\"a\"}}],\"max_tokens\":1,\"a_clients_own\":7{all}}}");
        }
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
