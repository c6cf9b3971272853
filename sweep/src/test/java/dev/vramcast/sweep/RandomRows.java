package dev.vramcast.sweep;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Random;

/** Jobs up to the random choices, some of which cannot run. */
final class RandomRows {

  private static final List<String> MODELS =
      ModelCatalog.embedded().names().stream().sorted().toList();

  private RandomRows() {}

  static JobDocument job(Random random) {
    JobDocument job =
        JobDocument.empty()
            .withFlag(JobKey.MODEL_ID, pick(random, MODELS))
            .withFlag(JobKey.GPU, pick(random, GpuCatalog.embedded().all()).name())
            .withFlag(
                JobKey.METHOD, pick(random, List.of("full", "lora", "qlora", "dora", "freeze")));
    job = sometimes(random, job, JobKey.SEQUENCE_LENGTH, "512", "1024", "3000", "8192");
    job = sometimes(random, job, JobKey.MICRO_BATCH, "1", "2", "8");
    job = sometimes(random, job, JobKey.GRAD_ACCUM, "1", "4");
    job = sometimes(random, job, JobKey.LORA_RANK, "8", "64");
    job = sometimes(random, job, JobKey.PRECISION, "bf16", "bf16-mixed", "fp16-mixed", "fp32");
    job = sometimes(random, job, JobKey.CHECKPOINTING, "none", "full");
    job = sometimes(random, job, JobKey.OPTIMIZER_NAME, "adamw", "adamw-8bit", "sgd");
    job = sometimes(random, job, JobKey.ATTENTION, "flash", "eager");
    job = sometimes(random, job, JobKey.PADDING, "packed", "padded", "longest");
    job = sometimes(random, job, JobKey.LENGTHS, "p50=300,p95=900,max=4000");
    job = sometimes(random, job, JobKey.FRAMEWORK_NAME, "trl", "axolotl", "unsloth");
    job = sometimes(random, job, JobKey.EXPANDABLE_SEGMENTS, "true");
    job = sometimes(random, job, JobKey.GPU_COUNT, "1", "2", "8");
    job = sometimes(random, job, JobKey.STRATEGY, "ddp", "fsdp2", "zero3");
    return data(random, job);
  }

  private static JobDocument data(Random random, JobDocument job) {
    JobDocument some = sometimes(random, job, JobKey.TOKENS, "1e6", "1e9");
    some = sometimes(random, some, JobKey.EXAMPLES, "1000", "52000");
    some = sometimes(random, some, JobKey.TOKENS_PER_EXAMPLE, "100", "750.5");
    return sometimes(random, some, JobKey.EPOCHS, "1", "3");
  }

  private static JobDocument sometimes(
      Random random, JobDocument job, JobKey key, String... values) {
    return random.nextInt(3) > 0 ? job : job.withFlag(key, pick(random, List.of(values)));
  }

  static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
