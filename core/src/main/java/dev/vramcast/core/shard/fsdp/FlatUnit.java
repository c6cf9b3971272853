package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * An FSDP1 unit, whose parameters are views of one flat parameter: torch/distributed/fsdp/
 * _flat_param.py and _runtime_utils.py.
 */
final class FlatUnit extends GatheredUnit {

  private final FlatSharded.Context context;
  private final boolean keeps;
  private final List<FlatParameter> flats = new ArrayList<>();

  /**
   * A unit without parameters.
   *
   * @param keeps the parameters stay gathered between forward and backward pass, as the root's do
   */
  FlatUnit(FlatSharded.Context context, boolean keeps) {
    super(context.order());
    this.context = context;
    this.keeps = keeps;
  }

  /** The flat parameter for a new one: frozen and trained ones have two where they are apart. */
  void add(Parameter parameter, boolean apart) {
    for (FlatParameter flat : flats) {
      if (!apart || flat.isTrained() == parameter.trainable()) {
        flat.add(parameter);
        return;
      }
    }
    FlatParameter flat = new FlatParameter(context);
    flat.add(parameter);
    flats.add(flat);
  }

  /** All parameters are added: this rank's shards are made. */
  void load() {
    flats.forEach(FlatParameter::load);
  }

  void createGradients() {
    flats.forEach(FlatParameter::createGradient);
  }

  /** Adapters in units of their own come and go one by one, which is no more than their results. */
  @Override
  void gatherForForward(Visit visit) {
    for (FlatParameter flat : flats) {
      boolean late = context.apart() && flat.isTrained() && !keeps;
      visit.gathered.add(late ? null : flat.gather());
    }
  }

  @Override
  boolean reshards() {
    return !keeps;
  }

  @Override
  void finishForward(Visit visit) {
    if (!keeps) {
      visit.giveUp();
    }
  }

  /**
   * A unit that ran without gradients, as inside a reentrant checkpoint, has no hook before its
   * backward pass, and only units with one are fetched ahead ({@code _needs_pre_backward_unshard}).
   */
  @Override
  void prefetch(Visit visit) {
    if (!context.runsAgain()) {
      gatherForBackward(visit);
    }
  }

  @Override
  void gatherForBackward(Visit visit) {
    if (visit.gathered.isEmpty()) {
      gather(visit);
    }
  }

  private void gather(Visit visit) {
    flats.forEach(flat -> visit.gathered.add(flat.gather()));
  }

  /**
   * With adapters in units of their own, it is the first of those whose backward pass fetches the
   * layer before, which is late in the layer's own.
   */
  @Override
  boolean prefetchesEarly() {
    return flats.size() < 2;
  }

  @Override
  void finishBackward(Visit visit) {
    for (int i = 0; i < flats.size(); i++) {
      Tensor whole = visit.gathered.isEmpty() ? null : visit.gathered.get(i);
      flats.get(i).finishBackward(whole);
    }
    visit.gathered.clear();
  }
}
