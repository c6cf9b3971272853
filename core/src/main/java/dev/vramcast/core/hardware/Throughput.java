package dev.vramcast.core.hardware;

import java.util.OptionalDouble;

/**
 * Peak rates of a device, without sparsity and with fp32 accumulation.
 *
 * @param memoryGigabytesPerSecond device memory, 10^9 bytes a second; empty when not known
 * @param halfTeraflops bf16, or fp16 where there is no bf16, 10^12 operations a second; empty when
 *     not known
 * @param fp8Teraflops empty when not known or without fp8
 */
public record Throughput(
    OptionalDouble memoryGigabytesPerSecond,
    OptionalDouble halfTeraflops,
    OptionalDouble fp8Teraflops) {}
