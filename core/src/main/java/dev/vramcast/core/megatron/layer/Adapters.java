package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.shard.tensor.Degrees;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which products get an adapter. One product stands for several projections of the model: it gets
 * one adapter where any of them is a target.
 *
 * @param settings empty where no adapters are trained
 * @param targets the projections that are targets
 */
public record Adapters(Optional<AdapterSettings> settings, Predicate<Linear> targets) {

  /** The adapter of a column-parallel product, or null. */
  @Nullable Adapter column(
      ParameterBuffers buffers, Rows rows, Division division, Collection<Linear> parts, Shape p) {
    if (!chosen(parts)) {
      return null;
    }
    long rank = rank(division);
    return new Adapter(
        buffers.adapter(p.in() * (rank / division.tensor())),
        buffers.adapter(rank * p.out()),
        rows.all(),
        p,
        rank,
        settings.orElseThrow().dropout(),
        null);
  }

  /** The adapter of a row-parallel product, or null; its result is made in columns. */
  @Nullable Adapter row(
      ParameterBuffers buffers, Rows rows, Division division, Linear part, Shape p) {
    if (!chosen(List.of(part))) {
      return null;
    }
    long rank = rank(division);
    long columns = p.out() / division.tensor();
    return new Adapter(
        buffers.adapter(p.in() * rank),
        buffers.adapter(rank * columns),
        rows.all(),
        new Shape(p.in(), columns),
        rank,
        settings.orElseThrow().dropout(),
        new Adapter.Gathering(rows.all(p.out()), rows.share(p.out())));
  }

  /** Features that go into a product and come out of it on this rank. */
  record Shape(long in, long out) {}

  private boolean chosen(Collection<Linear> parts) {
    return settings.isPresent() && parts.stream().anyMatch(targets);
  }

  private long rank(Division division) {
    int rank = settings.orElseThrow().rank();
    Degrees.share(rank, division.tensor(), JobKey.TENSOR, "ranks of the adapters");
    return rank;
  }
}
