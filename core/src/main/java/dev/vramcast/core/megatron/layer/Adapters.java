package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.shard.Degrees;
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
 * @param whole what {@link dev.vramcast.core.job.code.LayerCode#wholeAdapters} says
 */
public record Adapters(
    Optional<AdapterSettings> settings, Predicate<Linear> targets, boolean whole) {

  /** None on any product. */
  public Adapters none() {
    return new Adapters(Optional.empty(), targets, whole);
  }

  /** The adapter of a column-parallel product, or null; it is given this rank's tokens. */
  @Nullable Adapter column(
      ParameterBuffers buffers, Rows rows, Division division, Collection<Linear> parts, Shape p) {
    if (!chosen(parts)) {
      return null;
    }
    long rank = whole ? rank() : dividedRank(division);
    return new Adapter(
        buffers.adapter(p.in() * (whole ? rank : rank / division.tensor())),
        buffers.adapter(rank * p.out()),
        new Product(whole ? rows.share() : rows.all(), p.in(), rank, 1),
        new Product(rows.all(), rank, p.out(), 1),
        dropout(),
        null);
  }

  /** The adapter of a row-parallel product, or null. */
  @Nullable Adapter row(
      ParameterBuffers buffers, Rows rows, Division division, Linear part, Shape p) {
    if (!chosen(List.of(part))) {
      return null;
    }
    return whole ? summed(buffers, rows, p) : divided(buffers, rows, division, p);
  }

  /** The results of the first product are summed over the ranks, each of which keeps its tokens. */
  private Adapter summed(ParameterBuffers buffers, Rows rows, Shape p) {
    long rank = rank();
    return new Adapter(
        buffers.adapter(p.in() * rank),
        buffers.adapter(rank * p.out()),
        new Product(rows.all(), p.in(), rank, 1),
        new Product(rows.share(), rank, p.out(), 1),
        dropout(),
        null);
  }

  /** The result is made in columns. */
  private Adapter divided(ParameterBuffers buffers, Rows rows, Division division, Shape p) {
    long rank = dividedRank(division);
    long columns = p.out() / division.tensor();
    return new Adapter(
        buffers.adapter(p.in() * rank),
        buffers.adapter(rank * columns),
        new Product(rows.all(), p.in(), rank, 1),
        new Product(rows.all(), rank, columns, 1),
        dropout(),
        new Adapter.Gathering(rows.all(p.out()), rows.share(p.out())));
  }

  /**
   * The adapter of a product of a rank's experts, or null.
   *
   * @param experts of the rank
   * @param tokens that they compute
   */
  @Nullable Adapter experts(
      ParameterBuffers buffers, int experts, long tokens, Collection<Linear> parts, Shape p) {
    if (!chosen(parts)) {
      return null;
    }
    long rank = rank();
    long count = whole ? experts : 1;
    return new Adapter(
        buffers.expertAdapter(Math.multiplyExact(count, p.in() * rank)),
        buffers.expertAdapter(Math.multiplyExact(count, rank * p.out())),
        new Product(tokens, p.in(), rank, 1),
        new Product(tokens, rank, p.out(), 1),
        dropout(),
        null);
  }

  /** Features that go into a product and come out of it on this rank. */
  record Shape(long in, long out) {}

  private boolean chosen(Collection<Linear> parts) {
    return settings.isPresent() && parts.stream().anyMatch(targets);
  }

  private double dropout() {
    return settings.orElseThrow().dropout();
  }

  private int rank() {
    return settings.orElseThrow().rank();
  }

  private long dividedRank(Division division) {
    Degrees.share(rank(), division.tensor(), JobKey.TENSOR, "ranks of the adapters");
    return rank();
  }
}
