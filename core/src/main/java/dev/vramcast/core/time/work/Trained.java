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
      AdapterTargets targets = model.targets().named(RunningNames.of(model.model().traits(), job));
      double features = targets.adapted(adapter.allLinear(), adapter.targets());
      double count = adapter.rank() * features + targets.saved(adapter.modulesToSave());
      return new Trained(count, count, 0);
    }
    boolean freeze = job.method() == Method.FREEZE;
    double share = freeze ? Math.min(1, (double) job.trainableLayers() / model.layers()) : 1;
    return new Trained(
        freeze ? share * model.weights().stored() : model.weights().parameters(),
        share * (model.weights().stored() - model.weights().experts()),
        share * model.weights().experts());
  }
}
