package dev.vramcast.core.calibration;

/**
 * An amount of memory that was measured.
 *
 * @param roundingBytes by how much the true amount may differ, since digits were cut
 * @param source the file or the option that says it
 */
public record MeasuredBytes(long bytes, long roundingBytes, String source) {}
