// Times llama.cpp's own llama_sampler_sample from the inside, so that calling from JavaScript
// costs it nothing. Only llama-sampler.cpp is compiled beside this file; what it needs of a
// context is defined here, and the rest (grammars, GPU graphs) is never called and stays unbound.

#include "llama-impl.h"
#include "llama.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <vector>

static std::vector<float> rows;
static std::vector<float> row;

extern "C" {
llama_token llama_get_sampled_token_ith(llama_context *, int32_t) { return LLAMA_TOKEN_NULL; }
float * llama_get_sampled_probs_ith(llama_context *, int32_t) { return nullptr; }
float * llama_get_sampled_logits_ith(llama_context *, int32_t) { return nullptr; }
llama_token * llama_get_sampled_candidates_ith(llama_context *, int32_t) { return nullptr; }
float * llama_get_logits_ith(llama_context *, int32_t) { return row.data(); }
const llama_model * llama_get_model(const llama_context *) { return nullptr; }
const llama_vocab * llama_model_get_vocab(const llama_model *) { return nullptr; }
int32_t llama_vocab_n_tokens(const llama_vocab *) { return (int32_t) row.size(); }
}

// The chain's own stopwatch, off as in a server that does not ask for it.
time_meas::time_meas(int64_t & t_acc, bool) : t_start_us(-1), t_acc(t_acc) {}
time_meas::~time_meas() {}

static double microseconds() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec * 1e-3;
}

static void load(int index) {
    memcpy(row.data(), rows.data() + (size_t) index * row.size(), row.size() * sizeof(float));
}

// Sums the row with vectors of type T: eight independent sums hide the latency of an addition.
template <typename T> static float sum() {
    constexpr size_t width = sizeof(T) / sizeof(float);
    T sums[8] = {};
    const size_t whole = row.size() / (8 * width) * (8 * width);
    for (size_t i = 0; i < whole; i += 8 * width) {
        for (size_t j = 0; j < 8; j++) {
            T part;
            memcpy(&part, row.data() + i + j * width, sizeof part);
            sums[j] += part;
        }
    }
    float total = 0;
    for (const T & part : sums) for (size_t i = 0; i < width; i++) total += part[i];
    for (size_t i = whole; i < row.size(); i++) total += row[i];
    return total;
}

template <typename T> static double time_sum(int repeats) {
    volatile float sink;
    const double start = microseconds();
    for (int i = 0; i < repeats; i++) {
        asm volatile("" ::: "memory");
        sink = sum<T>();
    }
    (void) sink;
    return (microseconds() - start) / repeats;
}

typedef float vector16 __attribute__((vector_size(16)));
typedef float vector32 __attribute__((vector_size(32)));
typedef float vector64 __attribute__((vector_size(64)));

extern "C" {
// Takes a copy of all rows, one after the other.
void harness_rows(const float * values, int count, int vocabulary) {
    rows.assign(values, values + (size_t) count * vocabulary);
    row.resize(vocabulary);
}

void * harness_chain(float temperature, int top_k, float top_p, float min_p, int temperature_last) {
    llama_sampler * chain = llama_sampler_chain_init({ /* .no_perf = */ true });
    if (!temperature_last) llama_sampler_chain_add(chain, llama_sampler_init_temp(temperature));
    if (top_k > 0) llama_sampler_chain_add(chain, llama_sampler_init_top_k(top_k));
    if (top_p < 1) llama_sampler_chain_add(chain, llama_sampler_init_top_p(top_p, 1));
    if (min_p > 0) llama_sampler_chain_add(chain, llama_sampler_init_min_p(min_p, 1));
    if (temperature_last) llama_sampler_chain_add(chain, llama_sampler_init_temp(temperature));
    llama_sampler_chain_add(chain, llama_sampler_init_dist(7));
    return chain;
}

void harness_free(void * chain) { llama_sampler_free((llama_sampler *) chain); }

// Microseconds of one step.
double harness_sample(void * chain, int index) {
    load(index);
    const double start = microseconds();
    llama_sampler_sample((llama_sampler *) chain, nullptr, 0);
    return microseconds() - start;
}

// How many tokens the chain keeps of a row: evidence that it was set up alike. Not timed.
int harness_kept(void * chain, int index) {
    load(index);
    std::vector<llama_token_data> data;
    for (size_t id = 0; id < row.size(); id++) data.push_back({ (llama_token) id, row[id], 0.0f });
    llama_token_data_array array = { data.data(), data.size(), -1, false };
    llama_sampler_apply((llama_sampler *) chain, &array);
    return (int) array.size;
}

// Microseconds of one plain read: the best of three vector widths, as none is best everywhere.
double harness_read(int index) {
    load(index);
    const int repeats = 1 + (1 << 17) / (int) row.size();
    return std::min({ time_sum<vector16>(repeats), time_sum<vector32>(repeats), time_sum<vector64>(repeats) });
}
}
