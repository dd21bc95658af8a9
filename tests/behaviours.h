#pragma once

namespace conv1d::testing {

struct Behaviour {
    const char *name;
    const char *problem; ///< in either memory order
};

/// One row a behaviour, not a size. Odd lengths keep every tail in use; the filters are enough for every
/// schedule of some row to apply.
inline constexpr Behaviour behaviours[] = {
    {"smallest", "conv"},
    {"smallest_transposed", "tconv"},
    {"one_filter", "conv_c5_l101_k7_p3x3"},
    {"block_and_one_filter", "conv_c3_l70_f49_k3_p1x1"},
    {"thirteen_filters", "conv_c4_l67_f13_k3"},
    {"pointwise", "conv_c37_l131_f50"},
    {"many_channels", "conv_c150_l45_f30_k3_p1x1"},
    {"long_signal", "conv_c2_l2311_f12_k5_p2x2"},
    {"stride_2", "conv_c6_l121_f48_k3_s2_p1x1"},
    {"stride_3_beyond_taps", "conv_c6_l100_f52_k2_s3"},
    {"stride_5_one_channel", "conv_l997_f48_k10_s5"},
    {"dilated", "conv_c8_l150_f24_k3_d9_p9x9"},
    {"stride_and_dilation", "conv_c7_l301_f50_k5_s3_d2_p4x9"},
    {"one_output_of_a_huge_stride", "conv_c3_l9_f50_k4_s1000000000"},
    {"two_outputs_of_a_large_stride", "conv_c2_l5003_f50_k4_s4999"},
    {"unequal_padding", "conv_c5_l90_f40_k4_p0x7"},
    {"padding_wider_than_data", "conv_c2_l3_f30_k9_p20x25"},
    {"causal_dilated", "conv_n2_c16_l64_f16_k3_d40_p80x0"},
    {"length_1", "conv_n3_c40_l1_f96_k3_p1x1"},
    {"shorter_than_filter", "conv_c4_l5_f48_k11_p4x4"},
    {"batch", "conv_n3_c7_l77_f26_k5_p2x2"},
    {"two_groups", "conv_n2_c8_l77_f96_k3_g2_p1x1"},
    {"depthwise", "conv_n2_c19_l203_f19_k5_g19_p2x2"},
    {"depthwise_multiplier_2", "conv_c6_l90_f12_k5_d3_g6_p6x6"},
    {"replicate", "conv_c5_l130_f50_k5_d2_p4x7_pad-replicate"},
    {"replicate_strided", "conv_n2_c3_l97_f48_k6_s3_p5x2_pad-replicate"},
    {"replicate_causal_long", "conv_c4_l1100_f24_k3_d9_p18x0_pad-replicate"},
    {"replicate_wider_than_data", "conv_c2_l3_f30_k9_p20x25_pad-replicate"},
    {"replicate_of_one_sample", "conv_n2_c3_l1_f14_k5_p3x4_pad-replicate"},
    {"replicate_depthwise", "conv_c6_l90_f6_k5_g6_p2x2_pad-replicate"},
    {"symmetric_include_edge", "conv_c5_l130_f50_k5_d2_p4x7_pad-symmetric-include-edge"},
    {"symmetric_include_edge_strided", "conv_n2_c3_l97_f48_k6_s3_p5x2_pad-symmetric-include-edge"},
    {"symmetric_include_edge_causal_long", "conv_c4_l1100_f24_k3_d9_p18x0_pad-symmetric-include-edge"},
    {"symmetric_include_edge_wider_than_data", "conv_c2_l3_f30_k9_p20x25_pad-symmetric-include-edge"},
    {"symmetric_include_edge_of_one_sample", "conv_n2_c3_l1_f14_k5_p3x4_pad-symmetric-include-edge"},
    {"symmetric_include_edge_depthwise", "conv_c6_l90_f6_k5_g6_p2x2_pad-symmetric-include-edge"},
    {"symmetric_exclude_edge", "conv_c5_l130_f50_k5_d2_p4x7_pad-symmetric-exclude-edge"},
    {"symmetric_exclude_edge_strided", "conv_n2_c3_l97_f48_k6_s3_p5x2_pad-symmetric-exclude-edge"},
    {"symmetric_exclude_edge_causal_long", "conv_c4_l1100_f24_k3_d9_p18x0_pad-symmetric-exclude-edge"},
    {"symmetric_exclude_edge_wider_than_data", "conv_c2_l3_f30_k9_p20x25_pad-symmetric-exclude-edge"},
    {"symmetric_exclude_edge_of_one_sample", "conv_n2_c3_l1_f14_k5_p3x4_pad-symmetric-exclude-edge"},
    {"symmetric_exclude_edge_depthwise", "conv_c6_l90_f6_k5_g6_p2x2_pad-symmetric-exclude-edge"},
    {"circular", "conv_c5_l130_f50_k5_d2_p4x7_pad-circular"},
    {"circular_strided", "conv_n2_c3_l97_f48_k6_s3_p5x2_pad-circular"},
    {"circular_causal_long", "conv_c4_l1100_f24_k3_d9_p18x0_pad-circular"},
    {"circular_wider_than_data", "conv_c2_l3_f30_k9_p20x25_pad-circular"},
    {"circular_of_one_sample", "conv_n2_c3_l1_f14_k5_p3x4_pad-circular"},
    {"circular_depthwise", "conv_c6_l90_f6_k5_g6_p2x2_pad-circular"},
    {"constant", "conv_c5_l130_f50_k5_d2_p4x7_pad-0.5"},
    {"constant_wider_than_data", "conv_c2_l3_f30_k9_p20x25_pad--2"},
    {"transposed_two_taps_a_phase", "tconv_c9_l41_f50_k8_s4_p2x2"},
    {"transposed_one_tap_a_phase", "tconv_c9_l41_f48_k4_s4"},
    {"transposed_taps_below_stride", "tconv_c9_l21_f48_k3_s5"},
    {"transposed_same_below_stride", "tconv_c5_l21_f40_k3_s5_p0x-2"},
    {"transposed_uneven_phases", "tconv_n2_c5_l33_f50_k7_s3_p2x1"},
    {"transposed_stride_1", "tconv_c5_l90_f48_k5_p3x0"},
    {"transposed_crop_beyond_stride", "tconv_c3_l30_f48_k16_s3_p7x11"},
    {"transposed_one_filter", "tconv_c40_l57_k24_s8"},
    {"transposed_output_padding", "tconv_c4_l40_f48_k5_s3_o2"},
    {"transposed_groups", "tconv_n2_c8_l40_f96_k16_s8_g2_p4x4"},
    {"transposed_depthwise", "tconv_c12_l31_f12_k4_s2_g12_p1x1"},
    {"transposed_length_1_of_a_huge_stride", "tconv_n2_c20_l1_f64_k6_s1000000000"},
    {"transposed_length_1", "tconv_n2_c20_l1_f64_k6_s3"},
};

} // namespace conv1d::testing
