package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.module.LoadedModel;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.shard.WholeCopies;
import java.util.List;

/** What a job trains of a model, whole, however many ranks it is divided among. */
public final class TrainedTensors {

  private TrainedTensors() {}

  /** Elements of all of them. */
  public static long count(Architecture architecture, ResolvedJob job) {
    return of(architecture, job).stream()
        .mapToLong(each -> Math.multiplyExact(each.elements(), each.copies()))
        .sum();
  }

  /** Bytes of all of them. */
  static long bytes(List<Trainable> trained) {
    return trained.stream()
        .mapToLong(each -> each.elements() * each.copies() * each.dtype().bytes())
        .sum();
  }

  /** Each trained parameter, those of equal layers once. */
  static List<Trainable> of(Architecture architecture, ResolvedJob job) {
    ResolvedJob whole =
        job.toBuilder().parallelism(Parallelism.single()).build().hearing(architecture);
    Graph graph = new Graph();
    StepSettings settings = new StepSettings(whole, architecture.traits(), false);
    Architecture running = RunningNames.in(architecture, job).running(whole.batch().hasImages());
    LoadedModel model = LoadedModel.load(graph, running, settings, new WholeCopies(graph));
    return model.trainables();
  }
}
