#include "response.h"

#include "../common/program.h"
#include "../common/signals.h"
#include "../common/temporary_folder.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <random>

Response make_response(int taps, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Response response(static_cast<std::size_t>(taps));
    const std::size_t delay = response.size() / 10;
    float sum = 0;
    for (std::size_t i = delay; i < response.size(); i++) {
        const float age = static_cast<float>(i - delay) / static_cast<float>(taps);
        response[i] = normal(random) * std::exp(-5 * age);
        sum += std::abs(response[i]);
    }
    for (float &tap : response)
        tap /= sum;
    return response;
}

std::vector<float> through_sox(const std::vector<float> &samples, int sample_rate, const Response &response) {
    const TemporaryFolder folder;
    write_mono(folder / "in.wav", {sample_rate, samples});
    // sox takes the middle coefficient for time 0, so as many zeros go before the response as follow its
    // first tap.
    std::ofstream coefficients(folder / "coefficients.txt");
    coefficients.precision(std::numeric_limits<float>::max_digits10);
    for (std::size_t i = 1; i < response.size(); i++)
        coefficients << "0\n";
    for (const float tap : response)
        coefficients << tap << '\n';
    coefficients.close();
    run_program({"sox", "-V1", "-D", folder / "in.wav", "-e", "floating-point", "-b", "32",
                 folder / "out.wav", "fir", folder / "coefficients.txt"});
    return read_mono(folder / "out.wav", sample_rate, samples.size()).samples;
}
