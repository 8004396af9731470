using Microsoft.AspNetCore.Http;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>.</summary>
internal sealed class ModelsEndpoint(ServedModel served)
{
    private readonly ModelCard _card = new(served.Name, "model", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), "sgl-native", served.Engine.Model.ModelPath, null, served.Engine.Model.ContextLength);

    public Task ListAsync(HttpContext context) => context.WriteAsync(new ModelList("list", [_card]), ServerJson.Default.ModelList);

    public Task GetAsync(HttpContext context)
    {
        // A Hub id holds a slash, so the rest of the path is the name; clients send the slash as it is or as %2F.
        var id = Uri.UnescapeDataString(context.Request.RouteValues["id"] as string ?? "");
        return id == served.Name
            ? context.WriteAsync(_card, ServerJson.Default.ModelCard)
            : context.WriteErrorAsync(StatusCodes.Status404NotFound, $"the model '{id}' does not exist, served is '{served.Name}'", "model", "model_not_found");
    }
}
