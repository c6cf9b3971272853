package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An FSDP1 unit, whose parameters are views of one flat parameter: torch/distributed/fsdp/
 * _flat_param.py and _runtime_utils.py.
 */
final class FlatUnit extends GatheredUnit {

  private final FlatSharded.Context context;
  private final boolean keeps;
  private final List<FlatParameter> flats = new ArrayList<>();

  /** Adapters in units of their own, in the order in which they run. */
  private final List<AloneAdapter> adapters = new ArrayList<>();

  /**
   * Adapters in units of their own of which nothing is given up, in the order in which they run.
   */
  private final List<KeptAdapter> kept = new ArrayList<>();

  /** The pass for which the last adapter was fetched; null where none was. */
  private @Nullable Visit ahead;

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

  /** The flat parameter for a new one: trained ones beside frozen ones may be apart. */
  void add(Parameter parameter, boolean apart) {
    if (apart && parameter.trainable() && !keeps) {
      addAdapter(parameter);
    } else if (apart && parameter.trainable()) {
      addKept(parameter);
    } else {
      addFlat(parameter, apart);
    }
  }

  private void addFlat(Parameter parameter, boolean apart) {
    for (FlatParameter flat : flats) {
      if (!apart || flat.isTrained() == parameter.trainable()) {
        flat.add(parameter);
        return;
      }
    }
    flats.add(FlatParameter.of(context, parameter));
  }

  /** It comes with the rest of the layer and stays, and its gradient is reduced alone. */
  private void addKept(Parameter parameter) {
    KeptAdapter before = kept.isEmpty() ? null : kept.get(kept.size() - 1);
    KeptAdapter own = new KeptAdapter(FlatParameter.of(context, parameter), flats.size());
    flats.add(own.flat());
    kept.add(own);
    parameter.gatherAlone(own::isWhole, () -> beginBackward(own, before));
    parameter.onGradient(arrived -> finishKept(own));
  }

  private void beginBackward(KeptAdapter own, @Nullable KeptAdapter before) {
    if (!context.runsAgain()) {
      own.use();
      if (before != null) {
        before.use();
      }
    }
  }

  private void finishKept(KeptAdapter own) {
    List<@Nullable Tensor> gathered = goingBack();
    own.end();
    if (context.keepsUnreduced() || gathered.isEmpty()) {
      own.flat().finishBackward(null);
    } else {
      own.flat().finishBackward(gathered.set(own.place(), null));
    }
  }

  /**
   * It comes and goes alone. The first of a unit's is the last whose backward pass begins, which
   * fetches the layer before ({@code get_handle_to_backward_prefetch}: what ended its forward pass
   * before it); before what the root has of them nothing is fetched.
   */
  void addAdapter(Parameter parameter) {
    AloneAdapter before = adapters.isEmpty() ? null : adapters.get(adapters.size() - 1);
    AloneAdapter own = new AloneAdapter(FlatParameter.of(context, parameter));
    adapters.add(own);
    parameter.gatherAlone(own::isGathered, () -> beginBackward(own, before));
    parameter.onGradient(
        arrived -> {
          if (before == null && !keeps) {
            prefetchBefore();
          }
          gatherAgain(own);
          own.finishBackward();
        });
  }

  /**
   * {@code _pre_backward_hook}: it is gathered again, and {@code _prefetch_handle} the one that ran
   * before it, whose dtype a checkpoint that runs again for it then finds. Those in reentrant
   * checkpoints have been run again by then.
   */
  private void beginBackward(AloneAdapter own, @Nullable AloneAdapter before) {
    if (!context.runsAgain()) {
      gatherAgain(own);
      if (before != null) {
        before.gather(null);
      }
    }
  }

  private void gatherAgain(AloneAdapter own) {
    boolean last = adapters.get(adapters.size() - 1) == own;
    own.gather(last ? takeFetched() : null);
  }

  /** The last of a unit that has nothing else, where that was fetched. */
  private @Nullable Tensor takeFetched() {
    Tensor taken = ahead == null ? null : ahead.buffer;
    if (ahead != null) {
      ahead.buffer = null;
    }
    ahead = null;
    return taken;
  }

  boolean isEmpty() {
    return flats.isEmpty() && adapters.isEmpty();
  }

  private Stream<FlatParameter> all() {
    return Stream.concat(flats.stream(), adapters.stream().map(AloneAdapter::flat));
  }

  /** All parameters are added: this rank's shards are made. */
  void load() {
    all().forEach(FlatParameter::load);
  }

  /** The root's first pass begins. */
  void reserveGathers() {
    all().forEach(FlatParameter::reserveGathers);
  }

  /** A pass of an earlier step left what it gathered. */
  void stay() {
    Visit earlier = new Visit();
    gather(earlier);
    leave(earlier);
  }

  void createGradients() {
    all().forEach(FlatParameter::createGradient);
  }

  @Override
  void gatherForForward(Visit visit) {
    gather(visit);
    runAdapters();
  }

  /**
   * Adapters of their own are gathered one by one, which is no more than their results; each is an
   * event for which the process waits.
   */
  private void runAdapters() {
    if (!keeps) {
      adapters.forEach(adapter -> graph().release(adapter.flat().gather()));
    }
  }

  /** A layer that is checkpointed runs again. */
  @Override
  void beginBackward() {
    if (context.recomputesInside()) {
      runAdapters();
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
    if (context.runsAgain()) {
      return;
    }
    gatherForBackward(visit);
    boolean fetched = ahead != null && ahead.buffer != null;
    if (flats.isEmpty() && !adapters.isEmpty() && !fetched) {
      visit.buffer = adapters.get(adapters.size() - 1).flat().gather();
      ahead = visit;
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

  @Override
  boolean prefetchesEarly() {
    return keeps || adapters.isEmpty();
  }

  /**
   * What stays is there for the next forward pass, by whose end all is gathered in either case: it
   * goes when this pass is over.
   */
  @Override
  void finishBackward(Visit visit) {
    boolean stays = context.keepsUnreduced();
    for (int i = 0; i < flats.size(); i++) {
      Tensor whole = stays || visit.gathered.isEmpty() ? null : visit.gathered.get(i);
      flats.get(i).finishBackward(whole);
    }
    if (stays) {
      leave(visit);
    } else {
      visit.gathered.clear();
    }
  }
}
