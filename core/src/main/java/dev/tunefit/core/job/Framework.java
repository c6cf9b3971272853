package dev.tunefit.core.job;

/**
 * Who runs the job.
 *
 * @param name e.g. {@code transformers}, {@code axolotl}
 * @param transformers decides which modeling code runs
 */
public record Framework(
    String name, Version torch, Version transformers, Version peft, Version bitsandbytes) {}
