// Storage types as float32 and back, bit-exact; written so that loops over them vectorise.
#pragma once
#include <bit>
#include <cstdint>

namespace sgl_host {

inline float bf16_value(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

inline float fp16_value(std::uint16_t bits)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16, magnitude = bits & 0x7fffu;
    const float finite = std::bit_cast<float>(magnitude << 13) * std::bit_cast<float>(239u << 23);
    const std::uint32_t special = 0x7f800000u | (magnitude & 0x3ffu) << 13;
    return std::bit_cast<float>((magnitude >= 0x7c00u ? special : std::bit_cast<std::uint32_t>(finite)) | sign);
}

inline float e4m3_value(std::uint8_t bits)
{
    if ((bits & 0x7f) == 0x7f) return std::bit_cast<float>(0x7fffffffu);
    const float finite = std::bit_cast<float>((bits & 0x7fu) << 20) * std::bit_cast<float>(247u << 23);
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(finite) | (bits & 0x80u) << 24);
}

inline float e5m2_value(std::uint8_t bits) { return fp16_value(static_cast<std::uint16_t>(bits << 8)); }

inline std::uint16_t bf16_bits(float x)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
    return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

inline std::uint16_t fp16_bits(float x)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(x), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return 0x7fff;
    if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);
    if (magnitude < 0x38800000u) return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000u));
    return static_cast<std::uint16_t>(sign | (magnitude + 0xfffu + (magnitude >> 13 & 1u) - 0x38000000u) >> 13);
}

// Rounded to the 10 bits of mantissa that TF32 has.
inline float tf32(float x)
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
    if ((bits & 0x7f800000u) == 0x7f800000u) return x;
    return std::bit_cast<float>((bits + 0xfffu + (bits >> 13 & 1u)) & ~0x1fffu);
}

}  // namespace sgl_host
