#include "audio_file.h"

#include <sndfile.hh>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include <unistd.h>

namespace {

[[noreturn]] void fail(const std::string &path, const std::string &why) {
    throw std::runtime_error("'" + path + "': " + why);
}

/// All samples, interleaved; in blocks, as the length that a header states may be unknown or wrong.
std::vector<float> read_frames(SndfileHandle &file) {
    constexpr sf_count_t block = 65536;
    const auto channels = static_cast<std::size_t>(file.channels());
    std::vector<float> part(block * channels);
    std::vector<float> frames;
    sf_count_t read = 0;
    while ((read = file.readf(part.data(), block)) > 0) {
        const auto count = static_cast<std::ptrdiff_t>(read) * file.channels();
        frames.insert(frames.end(), part.begin(), part.begin() + count);
    }
    return frames;
}

std::vector<float> interleave(const Audio &audio) {
    std::vector<float> frames;
    frames.reserve(audio.channels.size() * audio.channels.front().size());
    for (std::size_t i = 0; i < audio.channels.front().size(); i++) {
        for (const std::vector<float> &channel : audio.channels)
            frames.push_back(channel[i]);
    }
    return frames;
}

void write_all(const std::string &path, const Audio &audio) {
    SndfileHandle file(path, SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                       static_cast<int>(audio.channels.size()), audio.sample_rate);
    if (file.error() != SF_ERR_NO_ERROR)
        fail(path, std::string("cannot be written: ") + file.strError());
    const std::vector<float> frames = interleave(audio);
    const auto count = static_cast<sf_count_t>(frames.size());
    if (file.write(frames.data(), count) != count)
        fail(path, std::string("cannot be written: ") + file.strError());
    file.writeSync();
    if (file.error() != SF_ERR_NO_ERROR)
        fail(path, std::string("cannot be written: ") + file.strError());
}

/// Where a file of that name goes. Renaming would turn a device or a pipe into a file, and a link into a
/// copy.
std::filesystem::path place_of(const std::string &path) {
    std::error_code absent;
    const std::filesystem::file_status status = std::filesystem::status(path, absent);
    if (!std::filesystem::exists(status))
        return path;
    if (!std::filesystem::is_regular_file(status))
        fail(path, "cannot be written: it is no regular file; expected a WAV file's name");
    return std::filesystem::canonical(path);
}

} // namespace

Audio read_audio(const std::string &path) {
    if (std::filesystem::is_directory(path))
        fail(path, "is a folder; expected an audio file");
    SndfileHandle file(path);
    if (file.error() != SF_ERR_NO_ERROR)
        fail(path, std::string("cannot be read as audio: ") + file.strError());
    const auto count = static_cast<std::size_t>(file.channels());
    const std::vector<float> frames = read_frames(file);
    const auto read = static_cast<sf_count_t>(frames.size() / count);
    if (read == 0)
        fail(path, "has no samples; expected at least one");
    if (file.frames() != SF_COUNT_MAX && read != file.frames()) // SF_COUNT_MAX: not known
        fail(path,
             "ends after " + std::to_string(read) + " of " + std::to_string(file.frames()) + " samples");
    Audio audio{file.samplerate(), std::vector<std::vector<float>>(count)};
    for (std::size_t i = 0; i < frames.size(); i++)
        audio.channels[i % count].push_back(frames[i]);
    return audio;
}

void write_wav(const std::string &path, const Audio &audio) {
    const std::filesystem::path place = place_of(path);
    const std::string partial = place.string() + "." + std::to_string(getpid()) + ".partial";
    try {
        write_all(partial, audio);
        std::filesystem::rename(partial, place);
    } catch (const std::filesystem::filesystem_error &error) {
        std::remove(partial.c_str());
        fail(path, "cannot be written: " + error.code().message());
    } catch (const std::runtime_error &error) {
        std::remove(partial.c_str());
        std::string why = error.what();
        if (const std::size_t at = why.find(partial); at != std::string::npos)
            why.replace(at, partial.size(), path);
        throw std::runtime_error(why);
    }
}
