package dev.vramcast.core.job;

import dev.vramcast.core.units.Version;
import java.util.Optional;

/**
 * Who runs the job.
 *
 * @param name e.g. {@code transformers}, {@code axolotl}
 * @param version its own; empty when it is not known, which stands for the newest
 */
public record Framework(String name, Optional<Version> version, Libraries libraries) {

  /**
   * What runs below it, each in the version that does.
   *
   * @param transformers decides which modeling code runs
   */
  public record Libraries(
      Version torch,
      Version transformers,
      Version peft,
      Version bitsandbytes,
      Version accelerate,
      Version deepspeed,
      Version liger) {}

  /** Whether it is at least this new. */
  public boolean atLeast(int major, int minor) {
    return version.map(v -> v.atLeast(major, minor)).orElse(true);
  }

  public Version torch() {
    return libraries.torch();
  }

  public Version transformers() {
    return libraries.transformers();
  }

  public Version peft() {
    return libraries.peft();
  }

  public Version bitsandbytes() {
    return libraries.bitsandbytes();
  }

  public Version accelerate() {
    return libraries.accelerate();
  }

  public Version deepspeed() {
    return libraries.deepspeed();
  }

  public Version liger() {
    return libraries.liger();
  }
}
