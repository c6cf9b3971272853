package dev.vramcast.sweep;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Random;

/** Jobs up to the dice, some of which cannot run. */
final class RandomRows {

  private static final List<String> MODELS =
      ModelCatalog.embedded().names().stream().sorted().toList();

  private RandomRows() {}

  static JobDocument job(Random dice) {
    JobDocument job =
        JobDocument.empty()
            .withFlag(JobKey.MODEL_ID, pick(dice, MODELS))
            .withFlag(JobKey.GPU, pick(dice, GpuCatalog.embedded().all()).name())
            .withFlag(
                JobKey.METHOD, pick(dice, List.of("full", "lora", "qlora", "dora", "freeze")));
    job = sometimes(dice, job, JobKey.SEQUENCE_LENGTH, "512", "1024", "3000", "8192");
    job = sometimes(dice, job, JobKey.MICRO_BATCH, "1", "2", "8");
    job = sometimes(dice, job, JobKey.GRAD_ACCUM, "1", "4");
    job = sometimes(dice, job, JobKey.LORA_RANK, "8", "64");
    job = sometimes(dice, job, JobKey.PRECISION, "bf16", "bf16-mixed", "fp16-mixed", "fp32");
    job = sometimes(dice, job, JobKey.CHECKPOINTING, "none", "full");
    job = sometimes(dice, job, JobKey.OPTIMIZER_NAME, "adamw", "adamw-8bit", "sgd");
    job = sometimes(dice, job, JobKey.ATTENTION, "flash", "eager");
    job = sometimes(dice, job, JobKey.PADDING, "packed", "padded", "longest");
    job = sometimes(dice, job, JobKey.LENGTHS, "p50=300,p95=900,max=4000");
    job = sometimes(dice, job, JobKey.FRAMEWORK_NAME, "trl", "axolotl", "unsloth");
    job = sometimes(dice, job, JobKey.EXPANDABLE_SEGMENTS, "true");
    job = sometimes(dice, job, JobKey.GPU_COUNT, "1", "2", "8");
    job = sometimes(dice, job, JobKey.STRATEGY, "ddp", "fsdp2", "zero3");
    return data(dice, job);
  }

  private static JobDocument data(Random dice, JobDocument job) {
    JobDocument some = sometimes(dice, job, JobKey.TOKENS, "1e6", "1e9");
    some = sometimes(dice, some, JobKey.EXAMPLES, "1000", "52000");
    some = sometimes(dice, some, JobKey.TOKENS_PER_EXAMPLE, "100", "750.5");
    return sometimes(dice, some, JobKey.EPOCHS, "1", "3");
  }

  private static JobDocument sometimes(Random dice, JobDocument job, JobKey key, String... values) {
    return dice.nextInt(3) > 0 ? job : job.withFlag(key, pick(dice, List.of(values)));
  }

  static <T> T pick(Random dice, List<T> values) {
    return values.get(dice.nextInt(values.size()));
  }
}
