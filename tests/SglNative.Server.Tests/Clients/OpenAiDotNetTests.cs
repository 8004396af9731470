using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Clients;

/// <summary>The official .NET client talks with the demo model.</summary>
public class OpenAiDotNetTests(DemoServer demo)
{
    private static readonly ChatCompletionOptions Greedy = new() { Temperature = 0, MaxOutputTokenCount = 24 };

    [Fact]
    public async Task A_chat_is_answered()
    {
        var completion = (await Chat().CompleteChatAsync([ChatMessage.CreateSystemMessage("Be kind."), ChatMessage.CreateUserMessage("Hello!")],
            new() { Temperature = 0, MaxOutputTokenCount = 24, IncludeLogProbabilities = true, TopLogProbabilityCount = 2 })).Value;
        Assert.Equal(ChatMessageRole.Assistant, completion.Role);
        Assert.NotEmpty(completion.Content[0].Text);
        Assert.True(completion.FinishReason is ChatFinishReason.Stop or ChatFinishReason.Length);
        Assert.Equal(completion.Usage.TotalTokenCount, completion.Usage.InputTokenCount + completion.Usage.OutputTokenCount);
        Assert.Equal(completion.Usage.OutputTokenCount, completion.ContentTokenLogProbabilities.Count);
        Assert.Equal(2, completion.ContentTokenLogProbabilities[0].TopLogProbabilities.Count);
        Assert.Equal("any-model", completion.Model);
    }

    [Fact]
    public async Task A_chat_is_streamed()
    {
        ChatMessage[] messages = [ChatMessage.CreateUserMessage(ChatMessageContentPart.CreateTextPart("Hello!"))];
        var whole = (await Chat().CompleteChatAsync(messages, Greedy)).Value;
        var text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in Chat().CompleteChatStreamingAsync(messages, Greedy))
        {
            foreach (var part in update.ContentUpdate) text += part.Text;
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }
        Assert.Equal(whole.Content[0].Text, text);
        Assert.Equal(whole.FinishReason, finish);
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Models_are_listed()
    {
        var models = (await Client().GetOpenAIModelClient().GetModelsAsync()).Value;
        Assert.Equal("demo", Assert.Single(models).Id);
    }

    [Fact]
    public async Task An_error_says_what_is_wrong()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat().CompleteChatAsync([ChatMessage.CreateUserMessage("Hello!")], new ChatCompletionOptions { TopP = 3 }));
        Assert.Equal(400, error.Status);
        Assert.Contains("top_p is 3, expected in (0, 1]", error.Message, StringComparison.Ordinal);
    }

    private ChatClient Chat() => Client().GetChatClient("any-model");

    private OpenAIClient Client() => new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(demo.Server.Address, "v1") });
}
