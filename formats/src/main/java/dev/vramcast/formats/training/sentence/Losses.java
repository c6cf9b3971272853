package dev.vramcast.formats.training.sentence;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ContrastiveLoss;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The loss that a program of sentence-transformers makes, and how it pools. */
final class Losses {

  /** Losses that have another one compute them, of parts of the vectors or of layers. */
  private static final List<String> AROUND =
      List.of("MatryoshkaLoss", "Matryoshka2dLoss", "AdaptiveLayerLoss");

  private static final Map<String, String> POOLINGS =
      Map.of("mean", "mean", "cls", "cls", "lasttoken", "last");

  private Losses() {}

  static void read(JobBuilder job, TrainingFile program) {
    Optional<String> call =
        program.root().fields().keySet().stream()
            .filter(name -> name.endsWith("Loss") && !AROUND.contains(last(name)))
            .findFirst();
    call.ifPresent(name -> read(job, program, name));
    for (String around : AROUND.subList(1, AROUND.size())) {
      if (program.has(around)) {
        job.notModelled(JobKey.LOSS_TYPE, Gap.value(JobKey.LOSS_TYPE, around));
      }
    }
    JobBuilder.in(program, "MatryoshkaLoss.matryoshka_dims")
        .or(() -> JobBuilder.in(program, "MatryoshkaLoss.2"))
        .ifPresent(widths -> job.put(JobKey.MATRYOSHKA, widths));
    JobBuilder.in(program, "Pooling.pooling_mode").ifPresent(mode -> pool(job, mode));
  }

  private static void pool(JobBuilder job, Setting mode) {
    String pooling = POOLINGS.get(mode.text());
    if (pooling != null) {
      job.put(JobKey.POOLING, pooling, mode);
    }
  }

  private static void read(JobBuilder job, TrainingFile program, String call) {
    String name = last(call);
    job.put(JobKey.LOSS_TYPE, name);
    JobBuilder.in(program, call + ".mini_batch_size")
        .ifPresent(texts -> job.put(JobKey.MINI_BATCH, texts));
    boolean guided = ContrastiveLoss.of(name).filter(ContrastiveLoss.GUIDED::equals).isPresent();
    if (guided) {
      job.notModelled(
          JobKey.TEACHER,
          Gap.value(JobKey.LOSS_TYPE, name).needs("the guide, a model that the program loads"));
    }
  }

  private static String last(String call) {
    return call.substring(call.lastIndexOf('.') + 1);
  }
}
