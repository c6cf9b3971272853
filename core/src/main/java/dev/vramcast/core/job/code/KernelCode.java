package dev.vramcast.core.job.code;

/**
 * What decides how fast a framework's step runs.
 *
 * @param stack through which it reaches the GPU
 * @param megatronCore strategy {@code megatron} is Megatron's own core, with its kernels
 * @param tritonAttention flash attention is the Triton kernel of 2023
 * @param cudnnAttention attention is cuDNN's, on cards that its kernels are written for
 * @param fusedDequantising 4-bit weights are unpacked by kernels of its own
 */
public record KernelCode(
    LaunchStack stack,
    boolean megatronCore,
    boolean tritonAttention,
    boolean cudnnAttention,
    boolean fusedDequantising) {}
