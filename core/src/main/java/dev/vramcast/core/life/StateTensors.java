package dev.vramcast.core.life;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.life.file.SavedTensor;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.step.optimizer.OptimizerStates;
import dev.vramcast.core.step.optimizer.OptimizerWriter;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** The optimizer's states as its {@code state_dict} has them. */
final class StateTensors {

  private StateTensors() {}

  /** States of what is trained, paged ones too. */
  static List<SavedTensor> of(ResolvedJob job, List<Trainable> trained) {
    List<SavedTensor> tensors = new ArrayList<>();
    List<Trainable> stepped =
        OptimizerWriter.stepped(trained, job.parallelism().strategy()).toList();
    for (Trainable each : stepped) {
      List<SavedTensor> own = new ArrayList<>();
      new OptimizerStates(job, (elements, dtype, paged) -> own.add(state(each, elements, dtype)))
          .of(each);
      if (countsOnHost(job)) {
        own.add(state(each, 1, DataType.FP32));
      }
      for (int i = 0; i < each.copies(); i++) {
        tensors.addAll(own);
      }
    }
    new OptimizerStates(
            job,
            (elements, dtype, paged) ->
                tensors.add(new SavedTensor("map", List.of(elements), dtype)))
        .shared();
    return tensors;
  }

  /** torch/optim/adamw.py: the count of steps is a tensor, on the GPU in the fused form alone. */
  private static boolean countsOnHost(ResolvedJob job) {
    OptimizerImplementation implementation = job.optimizer().implementation();
    return job.optimizer().name() == OptimizerName.ADAMW
        && (implementation == OptimizerImplementation.FOREACH
            || implementation == OptimizerImplementation.FOR_LOOP);
  }

  private static SavedTensor state(Trainable trained, long elements, DataType dtype) {
    List<Long> shape;
    if (elements == trained.elements()) {
      shape = WeightTensors.shape(trained);
    } else {
      shape = elements == 1 ? List.of() : List.of(elements);
    }
    return new SavedTensor("state", shape, dtype);
  }
}
