#include "sampling/log_probs.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::log_probs)
KERNEL(sgl::top_log_probs)

static void check_log_probs(const char* name, int rows, int columns, int k, bool ties)
{
    auto logits = random<float>(rows * columns, 8);
    // Equal numbers: the smaller id comes first.
    for (int i = 0; ties && i < logits.count; i++) logits.host[i] = rintf(logits.host[i]);
    logits.upload();
    Buffer<i32> tokens(rows), ids(rows * k);
    Buffer<float> chosen(rows), values(rows * k);
    Numbers expected_chosen(rows), expected_ids(rows * k), expected_values(rows * k);
    for (int r = 0; r < rows; r++) {
        tokens.host[r] = r * 31 % columns;
        double top = -1e30, sum = 0;
        for (int i = 0; i < columns; i++) top = max(top, logits[r * columns + i]);
        for (int i = 0; i < columns; i++) sum += exp(logits[r * columns + i] - top);
        const double log_sum = top + log(sum);
        expected_chosen[r] = logits[r * columns + tokens.host[r]] - log_sum;
        Numbers taken(columns);
        for (int j = 0; j < k; j++) {
            int best = -1;
            for (int i = 0; i < columns; i++)
                if (taken[i] == 0 && (best < 0 || logits[r * columns + i] > logits[r * columns + best])) best = i;
            taken[best] = 1;
            expected_ids[r * k + j] = best;
            expected_values[r * k + j] = logits[r * columns + best] - log_sum;
        }
    }
    tokens.upload();
    launch<&log_probs>({static_cast<unsigned>(rows)}, kRowThreads, LogProbsArgs{logits.device, tokens.device, nullptr, chosen.device, columns, 0});
    launch<&top_log_probs>({static_cast<unsigned>(rows)}, kRowThreads, LogProbsArgs{logits.device, nullptr, ids.device, values.device, columns, k});
    printf("  %s\n", name);
    compare("  of a token", chosen, expected_chosen);
    compare("  ids of the largest", ids, expected_ids, 0);
    compare("  of the largest", values, expected_values);
}

CHECK
{
    check_log_probs("2x1003, 5 largest", 2, 1003, 5, false);
    check_log_probs("1x2048, 20 largest, many equal", 1, 2048, 20, true);
    check_log_probs("1x3, 3 largest", 1, 3, 3, false);
}
