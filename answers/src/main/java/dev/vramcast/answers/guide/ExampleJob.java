package dev.vramcast.answers.guide;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.plan.machine.JobWorkload;
import dev.vramcast.core.plan.machine.Outcome;
import dev.vramcast.core.run.RecentSteps;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The job of an example, as far as the guide states it. */
final class ExampleJob {

  /** What the guide leaves open, said for all examples. */
  static final String SETTINGS =
      "bf16 compute, full checkpointing, packed sequences as long as the stated examples, defaults"
          + " of transformers; 1 where epochs or accumulation are not stated";

  private ExampleJob() {}

  /** What would have to be known to tell the time; empty when enough is. */
  static List<String> missing(CostExample example) {
    List<String> missing = new ArrayList<>();
    if (example.data().examples().isEmpty()) {
      missing.add("the number of examples");
    }
    if (example.data().tokensPerExample().isEmpty()) {
      missing.add("tokens per example");
    }
    return missing;
  }

  /** What becomes of the job on the example's GPUs; nothing may be missing. */
  static Outcome run(CostExample example, Gpu gpu) {
    Architecture architecture = architecture(example);
    JobDocument document = document(example);
    TrainingData data = TrainingData.of(JobResolver.resolve(document)).orElseThrow();
    return new JobWorkload(
            architecture,
            ModelProfile.of(architecture),
            document,
            data,
            RunExtras.USUAL,
            new RecentSteps(),
            RangeFile.embedded())
        .on(gpu, example.gpus());
  }

  /** The catalogue's name of a model that the guide calls {@code Llama 3.1 8B}. */
  private static Architecture architecture(CostExample example) {
    String name = example.model().toLowerCase(Locale.ROOT).replace(' ', '-');
    return ModelCatalog.embedded()
        .find(name)
        .map(entry -> Families.read(entry.config()))
        .orElseThrow(() -> new IllegalStateException("the catalogue lacks " + name));
  }

  private static JobDocument document(CostExample example) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.METHOD, example.method().label())
            .withFlag(JobKey.PRECISION, "bf16-mixed")
            .withFlag(JobKey.CHECKPOINTING, "full");
    document =
        with(document, JobKey.SEQUENCE_LENGTH, example.data().tokensPerExample().orElseThrow());
    document =
        with(document, JobKey.TOKENS_PER_EXAMPLE, example.data().tokensPerExample().orElseThrow());
    document = with(document, JobKey.EXAMPLES, example.data().examples().orElseThrow());
    document = with(document, JobKey.EPOCHS, example.data().epochs().orElse(1));
    document = with(document, JobKey.MICRO_BATCH, example.data().microBatch().orElse(1));
    document = with(document, JobKey.GRAD_ACCUM, example.data().gradAccum().orElse(1));
    return example.rank().isPresent()
        ? with(document, JobKey.LORA_RANK, example.rank().get())
        : document;
  }

  private static JobDocument with(JobDocument document, JobKey key, int value) {
    return document.withFlag(key, String.valueOf(value));
  }
}
