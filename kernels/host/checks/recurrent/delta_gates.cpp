#include "recurrent/delta_gates.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::delta_gates<float, float>)

static void check_gates(const char* name, int tokens, int heads, float range)
{
    const int a_stride = heads + 5, b_stride = heads + 2;
    auto a = random<float>(tokens * a_stride, range), b = random<float>(tokens * b_stride, range), a_log = random<float>(heads), dt_bias = random<float>(heads);
    Buffer<float> log_decay(tokens * heads), beta(tokens * heads);
    launch<&delta_gates<float, float>>({static_cast<unsigned>(ceil_div(tokens * heads, 256))}, 256,
        DeltaGateArgs{a.device, b.device, a_log.device, dt_bias.device, log_decay.device, beta.device, a_stride, b_stride, tokens * heads, heads});
    Numbers expected_decay(log_decay.count), expected_beta(beta.count);
    for (int i = 0; i < log_decay.count; i++) {
        const double step = a[i / heads * a_stride + i % heads] + dt_bias[i % heads];
        expected_decay[i] = -exp(a_log[i % heads]) * (step > 30 ? step : log(1 + exp(step)));
        expected_beta[i] = sigmoid(b[i / heads * b_stride + i % heads]);
    }
    printf("  %s\n", name);
    compare("  log decay", log_decay, expected_decay);
    compare("  beta", beta, expected_beta);
}

CHECK
{
    check_gates("11x32", 11, 32, 3);
    check_gates("1x1", 1, 1, 1);
    check_gates("7x5 of large numbers", 7, 5, 200);
}
