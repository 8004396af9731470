#include "sampling/edit_logits.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::edit_logits)

CHECK
{
    const int rows = 3, columns = 101, count = 300;
    auto logits = random<float>(rows * columns, 9), repetition = random<float>(count, 0.4f, 1.5f), bias = random<float>(count, 2);
    Buffer<i32> row(count), token(count);
    Numbers expected(logits.count);
    for (int i = 0; i < logits.count; i++) expected[i] = logits[i];
    for (int e = 0; e < count; e++) {
        row.host[e] = e == 5 ? rows : e / columns;      // two of the entries lie outside
        token.host[e] = e == 9 ? -1 : e % columns;
        if (e == 5 || e == 9) continue;
        double& l = expected[row.host[e] * columns + token.host[e]];
        l = (l > 0 ? l / repetition[e] : l * repetition[e]) + bias[e];
    }
    row.upload();
    token.upload();
    launch<&edit_logits>({2}, 256, EditLogitsArgs{logits.device, row.device, token.device, repetition.device, bias.device, count, rows, columns});
    compare("300 changes of 3x101", logits, expected);
    launch<&edit_logits>({1}, 256, EditLogitsArgs{logits.device, row.device, token.device, repetition.device, bias.device, 0, rows, columns});
    compare("none", logits, expected);
}
