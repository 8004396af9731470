#include "moe/route.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::route_experts)

struct Routing {
    int experts, top_k, groups, top_groups, group_score_count;
    bool sigmoid, renormalize, corrected;
};

static void check_route(const char* name, int tokens, const Routing& o)
{
    const int stride = o.experts + 4, size = o.experts / o.groups;
    auto logits = random<float>(tokens * stride, 3), correction = random<float>(o.experts, 0.3f);
    Buffer<i32> chosen(tokens * o.top_k);
    Buffer<float> weights(tokens * o.top_k);
    launch<&route_experts>({static_cast<unsigned>(ceil_div(tokens, 4))}, 128,
        RouteArgs{logits.device, o.corrected ? correction.device : nullptr, chosen.device, weights.device, stride, tokens, o.experts, o.top_k, o.groups, o.top_groups,
            o.group_score_count, o.sigmoid, o.renormalize, 2.5f},
        4 * (2 * o.experts + o.groups) * static_cast<int>(sizeof(float)));
    Numbers expected_chosen(chosen.count), expected_weights(weights.count);
    const auto largest = [](Numbers& values) {
        int best = 0;
        for (int i = 0; i < values.count; i++)
            if (values[i] > values[best]) best = i;
        return best;
    };
    for (int t = 0; t < tokens; t++) {
        Numbers scores(o.experts), choice(o.experts), groups(o.groups);
        double sum = 0, weight = 0;
        for (int e = 0; e < o.experts; e++) sum += exp(logits[t * stride + e]);
        for (int e = 0; e < o.experts; e++) {
            scores[e] = o.sigmoid ? check::sigmoid(logits[t * stride + e]) : exp(logits[t * stride + e]) / sum;
            choice[e] = scores[e] + (o.corrected ? correction[e] : 0);
        }
        for (int g = 0; g < o.groups; g++) {
            Numbers own(size);
            for (int i = 0; i < size; i++) own[i] = choice[g * size + i];
            for (int n = 0; n < o.group_score_count; n++) {
                const int best = largest(own);
                groups[g] += own[best];
                own[best] = -1e30;
            }
        }
        Numbers kept(o.groups);
        for (int n = 0; n < o.top_groups; n++) {
            const int best = largest(groups);
            groups[best] = -1e30;
            kept[best] = 1;
        }
        for (int e = 0; e < o.experts; e++)
            if (kept[e / size] == 0) choice[e] = -1e30;
        for (int k = 0; k < o.top_k; k++) {
            const int best = largest(choice);
            choice[best] = -1e30;
            expected_chosen[t * o.top_k + k] = best;
            weight += expected_weights[t * o.top_k + k] = scores[best];
        }
        for (int k = 0; k < o.top_k; k++) expected_weights[t * o.top_k + k] *= 2.5 / (o.renormalize ? weight : 1);
    }
    printf("  %s\n", name);
    compare("  experts", chosen, expected_chosen, 0);
    compare("  weights", weights, expected_weights);
}

CHECK
{
    check_route("5 tokens, 2 of 8", 5, {8, 2, 1, 1, 1, false, true, false});
    check_route("9 tokens, 6 of 60 by softmax", 9, {60, 6, 1, 1, 1, false, false, false});
    check_route("3 tokens, 8 of 256, 4 of 8 groups, corrected", 3, {256, 8, 8, 4, 2, true, true, true});
    check_route("1 token, 1 of 1", 1, {1, 1, 1, 1, 1, true, false, false});
}
