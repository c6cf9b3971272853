package dev.vramcast.core.job.objective;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import java.util.Optional;
import java.util.Set;

/**
 * A group of GPUs with a part of its own in a stage that has several.
 *
 * @param strategy how its work is spread; empty for the job's
 * @param offload what it keeps in host memory
 */
public record Role(Name name, int gpus, Optional<Strategy> strategy, Set<OffloadTarget> offload) {

  /** What the group does. */
  public enum Name implements Named {
    ACTOR("actor"),
    REFERENCE("reference"),
    CRITIC("critic"),
    REWARD("reward"),
    ROLLOUT("rollout");

    private final String label;

    Name(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  public Role {
    offload = Set.copyOf(offload);
  }

  /** As behind a flag, e.g. {@code actor=8}. */
  @Override
  public String toString() {
    return name.label() + "=" + gpus;
  }
}
