package dev.vramcast.formats.training.automodel;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.OptimizerClasses;
import dev.vramcast.formats.training.trainer.PipelineWords;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Batches, lengths, dtypes, kernels and the optimizer. */
final class Step {

  /** Kernels that keep what flash attention keeps. */
  private static final List<String> FUSED = List.of("te", "ffpa", "tilelang", "magi", "cudnn");

  private final JobBuilder job;

  Step(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.MICRO_BATCH), this::batch);
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.reads(List.of(JobKey.MODEL_DTYPE), this::dtype);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(List.of(JobKey.LOSS), this::loss);
    job.take("compile.enabled", JobKey.COMPILE);
    Stream.of("model.backend.te_fp8", "fp8")
        .flatMap(path -> job.get(path).stream())
        .filter(fp8 -> fp8.at("enabled").map(Setting::bool).orElse(true))
        .findFirst()
        .ifPresent(this::narrow);
    job.get("step_scheduler.max_steps")
        .ifPresentOrElse(
            each -> job.put(JobKey.STEPS, each),
            () -> job.take("step_scheduler.num_epochs", JobKey.EPOCHS));
  }

  private void batch() {
    Optional<Setting> local = job.get("step_scheduler.local_batch_size");
    if (job.divides(JobKey.PIPELINE)) {
      cut(local);
    } else {
      local.ifPresent(size -> job.put(JobKey.MICRO_BATCH, size));
    }
    Optional<Setting> global = job.get("step_scheduler.global_batch_size");
    if (global.isEmpty() || !job.has(JobKey.MICRO_BATCH)) {
      return;
    }
    long others = job.product(List.of(JobKey.TENSOR, JobKey.CONTEXT, JobKey.PIPELINE));
    long ranks = Math.max(1, job.whole(JobKey.GPU_COUNT).orElse(1) / others);
    long each = Math.max(1, ranks * job.whole(JobKey.MICRO_BATCH).orElse(1));
    if (global.get().whole() % each != 0) {
      job.say(
          FindingCode.REFUSED,
          global.get(),
          "global_batch_size is refused unless it is a multiple of local_batch_size times ranks");
    }
    job.put(JobKey.GRAD_ACCUM, (int) Math.max(1, global.get().whole() / each), global.get());
  }

  /**
   * Under a pipeline a local batch is cut into micro-batches of a size of their own, 1 where it is
   * not said, of which every stage needs one (recipes/llm/train_ft.py setup).
   */
  private void cut(Optional<Setting> local) {
    job.any("distributed.pipeline.pp_microbatch_size", "autopipeline.pp_microbatch_size")
        .ifPresentOrElse(
            size -> job.put(JobKey.MICRO_BATCH, size),
            () -> job.put(JobKey.MICRO_BATCH, 1, JobKey.PIPELINE));
    stages();
    int stages = job.whole(JobKey.PIPELINE).orElse(1);
    int micro = Math.max(1, job.whole(JobKey.MICRO_BATCH).orElse(1));
    local.ifPresent(
        size -> job.put(JobKey.PIPELINE_MICRO_BATCHES, Math.max(1, size.whole() / micro), size));
    local
        .filter(size -> size.whole() / micro < stages)
        .ifPresent(
            size ->
                job.say(
                    FindingCode.REFUSED,
                    size,
                    "local_batch_size is refused unless it has a micro-batch for each of the "
                        + stages
                        + " stages: pp_size times pp_microbatch_size"));
  }

  /** components/distributed/pipelining/config.py PipelineConfig. */
  private void stages() {
    PipelineWords.schedule(job, pipeline("pp_schedule"), pipeline("pp_schedule_csv"));
    pipeline("layers_per_stage")
        .ifPresent(size -> job.put(JobKey.LAYERS_PER_STAGE, List.of(size.whole()), size));
    pipeline("round_virtual_stages_to_pp_multiple")
        .ifPresent(way -> job.put(JobKey.STAGE_ROUNDING, way));
  }

  private Optional<Setting> pipeline(String name) {
    return job.any("distributed.pipeline." + name, "autopipeline." + name);
  }

  private void length() {
    Optional<Setting> packed =
        job.any("packed_sequence.packed_sequence_size", "packed_sequence.pack_size")
            .filter(size -> size.number().signum() > 0);
    Optional<Setting> cut =
        job.any(
            "dataset.seq_length",
            "dataset.seq_len",
            "dataset.max_length",
            "dataloader.collate_fn.max_length");
    if (packed.isPresent()) {
      job.put(JobKey.SEQUENCE_LENGTH, packed.get());
      job.put(JobKey.PADDING, "packed", packed.get());
    } else if (cut.isPresent()) {
      job.put(JobKey.SEQUENCE_LENGTH, cut.get());
    } else {
      job.openLength("nothing in the file cuts examples, so the longest decides");
    }
  }

  /** MixedPrecisionPolicy computes in bf16 whatever the weights are kept in. */
  private void dtype() {
    Optional<Setting> named = job.any("model.torch_dtype", "model.dtype");
    named.ifPresent(dtype -> Dtypes.read(job, dtype));
    if (named.isEmpty() && Distillation.keepsMaster(job)) {
      job.put(JobKey.MODEL_DTYPE, DataType.FP32, JobKey.STAGE);
      job.put(JobKey.PRECISION, "bf16-mixed", JobKey.STAGE);
    }
    DataType kept = named.flatMap(Dtypes::of).orElse(DataType.BF16);
    if (named.isPresent()) {
      job.put(JobKey.PRECISION, kept == DataType.FP32 ? "bf16-mixed" : "bf16", JobKey.MODEL_DTYPE);
    }
    Dtypes.reduces(job, "distributed.mp_policy.reduce_dtype");
  }

  private void attention() {
    job.any("model.backend.attn", "model.attn_implementation")
        .ifPresent(
            named -> {
              if (named.word().equals("torch")) {
                job.put(JobKey.ATTENTION, "sdpa", named);
              } else if (FUSED.contains(named.word())) {
                job.put(JobKey.ATTENTION, "flash", named);
                job.say(
                    FindingCode.NOT_COUNTED,
                    named,
                    named.shown() + " is counted as flash attention, which keeps as much");
              } else {
                AttentionWords.read(job, named);
              }
            });
    job.get("model.use_liger_kernel")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.LIGER_KERNELS, Arrays.asList(LigerKernel.values()), on));
  }

  private void optimizer() {
    job.get("optimizer._target_")
        .ifPresent(
            named -> {
              if (named.text().endsWith("FlashAdamW")) {
                job.put(JobKey.OPTIMIZER_NAME, "flash-adamw", named);
                corrections();
              } else if (EngineAdam.isOne(named)) {
                EngineAdam.read(job, named, "optimizer.");
              } else {
                OptimizerClasses.read(job, named);
              }
            });
  }

  /** {@code flashoptim/optimizers.py} FlashOptimizer: 24 bits where nothing is said. */
  private void corrections() {
    job.get("optimizer.master_weight_bits")
        .ifPresent(
            bits -> {
              switch (bits.shown()) {
                case "24" -> {}
                case "32" -> job.put(JobKey.MASTER_WEIGHTS, true, bits);
                default -> throw bits.unusable("24, 32, null");
              }
            });
    if (job.isNull("optimizer.master_weight_bits")) {
      job.notModelled(JobKey.OPTIMIZER_NAME, Gap.of("FlashAdamW without master_weight_bits"));
    }
    job.get("optimizer.quantize")
        .filter(quantize -> !quantize.bool())
        .ifPresent(
            off ->
                job.notModelled(
                    JobKey.OPTIMIZER_NAME, off, Gap.of("FlashAdamW with quantize false")));
  }

  /** {@code nemo_automodel/components/loss}. */
  private void loss() {
    job.get("loss_fn._target_")
        .ifPresent(
            named -> {
              String path = named.text();
              String loss = path.substring(path.lastIndexOf('.') + 1);
              switch (loss) {
                case "MaskedCrossEntropy" -> job.put(JobKey.LOSS, "full", named);
                case "FusedLinearCrossEntropy" -> job.put(JobKey.LOSS, "cce", named);
                case "ChunkedCrossEntropy" -> job.put(JobKey.LOSS, "chunked", named);
                default ->
                    job.say(
                        FindingCode.NOT_COUNTED,
                        named,
                        loss + " is counted as MaskedCrossEntropy, which keeps more");
              }
            });
  }

  private void narrow(Setting fp8) {
    boolean mx =
        fp8.at("recipe").map(Setting::word).filter(word -> word.contains("mx")).isPresent();
    job.put(JobKey.TRAINING_SCHEME, mx ? "mxfp8" : "fp8", fp8);
    if (fp8.key().contains("te_fp8")) {
      job.put(JobKey.TRAINING_IMPLEMENTATION, "transformer-engine", fp8);
    }
  }
}
