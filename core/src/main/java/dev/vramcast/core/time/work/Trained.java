package dev.vramcast.core.time.work;

import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Method;

/**
 * How many parameters are trained.
 *
 * @param total all of them, which the optimizer updates
 * @param dense of those in layers or adapters, all but routed experts
 * @param experts of routed experts
 */
public record Trained(double total, double dense, double experts) {

  public static Trained of(ModelProfile model, ResolvedJob job) {
    if (job.adapter().isPresent()) {
      AdapterSettings adapter = job.adapter().get();
      RunningNames names = RunningNames.of(model.model().traits(), job);
      AdapterTargets targets = model.targets().named(names);
      double count =
          count(adapter, targets)
              + BareParameters.count(model.model(), adapter, names)
              + targets.saved(adapter.modulesToSave());
      return new Trained(count, count, 0);
    }
    boolean blockwise = job.optimizer().name().isBlockwise();
    boolean freeze = job.method() == Method.FREEZE || blockwise;
    double layers = blockwise ? 1 : job.trainableLayers().count();
    double share = freeze ? Math.min(1, layers / model.layers()) : 1;
    return new Trained(
        freeze ? share * model.weights().stored() : model.weights().parameters(),
        share * (model.weights().stored() - model.weights().experts()),
        share * model.weights().experts());
  }

  /** Each factor is one of inputs, or of outputs. */
  private static double scaled(AdapterSettings adapter, AdapterTargets targets) {
    AdapterTargets inputs = targets.endingWith(adapter.feedforward());
    AdapterTargets.Projections all = targets.chosen(adapter.allLinear(), adapter.targets());
    AdapterTargets.Projections some = inputs.chosen(adapter.allLinear(), adapter.targets());
    return some.in() + all.out() - some.out();
  }

  /** Of adapters; blocks of rotations are taken to divide the input features. */
  private static double count(AdapterSettings adapter, AdapterTargets targets) {
    AdapterTargets.Projections adapted = targets.chosen(adapter.allLinear(), adapter.targets());
    return switch (adapter.form()) {
      case LOW_RANK, DORA -> adapter.rank() * (adapted.in() + adapted.out());
      case ROTATION -> adapted.in() * (adapter.blockSize() - 1) / 2;
      case SCALING -> scaled(adapter, targets);
      case SHARED -> adapter.rank() * adapted.count() + adapted.out();
      case HADAMARD -> 2 * adapter.rank() * (adapted.in() + adapted.out());
      case BLOCK_SUMS -> adapter.rank() * adapted.out();
      case KRONECKER -> targets.made(adapter);
    };
  }
}
