package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.List;
import java.util.Optional;

/** Batches, precision and checkpointing: {@code utils/config/__init__.py} normalize_config. */
final class Step {

  private final JobBuilder job;

  Step(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.GRAD_ACCUM), this::accumulation);
    job.reads(List.of(JobKey.PADDING), this::padding);
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
    job.reads(List.of(JobKey.CHECKPOINTING_REENTRANT), this::reentrant);
    job.reads(List.of(JobKey.TILED_MLP, JobKey.MLP_TILES), this::tiles);
    job.reads(List.of(JobKey.PRECISION), this::precision);
    if (job.get("sequence_len").isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "sequence_len",
          "sequence_len is missing: Axolotl's default is 512, and longer rows are dropped");
    }
  }

  private void accumulation() {
    Optional<Setting> steps = job.get("gradient_accumulation_steps");
    Optional<Setting> batch = job.get("batch_size");
    Optional<Setting> micro = job.get("micro_batch_size");
    if (List.of(steps, batch, micro).stream().filter(Optional::isPresent).count() < 2) {
      job.say(
          FindingCode.REFUSED,
          "micro_batch_size",
          "Axolotl wants two of micro_batch_size, gradient_accumulation_steps and batch_size");
    }
    if (steps.isPresent()) {
      job.put(JobKey.GRAD_ACCUM, steps.get());
      batch.ifPresent(
          setting ->
              job.say(
                  FindingCode.REFUSED,
                  setting,
                  "batch_size is refused beside gradient_accumulation_steps"));
    } else if (batch.isPresent()) {
      int rows = job.whole(JobKey.MICRO_BATCH, "micro_batch_size");
      job.put(JobKey.GRAD_ACCUM, Math.max(1, batch.get().whole() / Math.max(1, rows)), batch.get());
    }
  }

  private void padding() {
    if (job.isOn("sample_packing")) {
      job.put(JobKey.PADDING, Padding.PACKED, job.get("sample_packing").get());
      return;
    }
    Optional<Setting> flattened =
        job.get("batch_flattening").filter(value -> value.shown().equals("auto") || value.bool());
    if (flattened.isPresent()) {
      job.put(JobKey.PADDING, Padding.PACKED, flattened.get());
    } else if (job.isOn("pad_to_sequence_len")) {
      job.put(JobKey.PADDING, Padding.PADDED, job.get("pad_to_sequence_len").get());
    }
  }

  private void checkpointing() {
    Optional<Setting> asked = job.get("gradient_checkpointing");
    Optional<Setting> ofFsdp =
        job.get("fsdp_config.activation_checkpointing").filter(Setting::bool);
    boolean on = asked.filter(Step::asksForCheckpointing).isPresent();
    if (on && ofFsdp.isPresent()) {
      job.say(
          FindingCode.REFUSED,
          ofFsdp.get(),
          ofFsdp.get().key()
              + " is refused by the Trainer beside gradient_checkpointing: one of them is enough");
    }
    Optional<Setting> offload = job.get("activation_offloading").filter(value -> !value.isIdle());
    if (on) {
      checkpointing(asked.get(), offload);
    } else if (ofFsdp.isPresent()) {
      job.put(JobKey.CHECKPOINTING, Checkpointing.FULL, ofFsdp.get());
    } else {
      asked.ifPresent(setting -> job.put(JobKey.CHECKPOINTING, Checkpointing.NONE, setting));
      offload.ifPresent(
          setting ->
              job.say(
                  FindingCode.REFUSED,
                  setting,
                  "activation_offloading is refused without gradient_checkpointing"));
    }
  }

  private void checkpointing(Setting asked, Optional<Setting> offload) {
    boolean offloaded = asked.shown().startsWith("offload") || offload.isPresent();
    Optional<Setting> selective =
        job.get("selective_checkpointing").filter(value -> !value.isIdle());
    if (selective.isPresent()) {
      job.put(JobKey.CHECKPOINTING, Checkpointing.SELECTIVE, selective.get());
      return;
    }
    job.put(
        JobKey.CHECKPOINTING,
        offloaded ? Checkpointing.OFFLOADED : Checkpointing.FULL,
        offload.orElse(asked));
  }

  private static boolean asksForCheckpointing(Setting setting) {
    if (setting.isBool()) {
      return setting.bool();
    }
    String word = setting.word();
    if (word.startsWith("offload")) {
      return true;
    }
    throw setting.unusable("true, false, offload, offload_disk");
  }

  private void tiles() {
    Optional<Setting> asked = job.get("tiled_mlp");
    asked.ifPresent(setting -> job.put(JobKey.TILED_MLP, setting));
    if (asked.filter(Setting::bool).isEmpty()) {
      return;
    }
    job.get("tiled_mlp_num_shards").ifPresent(setting -> job.put(JobKey.MLP_TILES, setting));
    job.get("tiled_mlp_use_original_mlp")
        .filter(own -> !own.bool())
        .ifPresent(
            own ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    own,
                    "the compiled MLP is counted as the model's own"));
  }

  private void reentrant() {
    Optional<Setting> coverage =
        job.get("gradient_checkpointing_kwargs").flatMap(value -> value.at("use_reentrant"));
    if (coverage.isPresent()) {
      job.put(JobKey.CHECKPOINTING_REENTRANT, coverage.get());
      return;
    }
    job.get("unfrozen_parameters")
        .or(() -> job.get("rl"))
        .ifPresent(why -> job.put(JobKey.CHECKPOINTING_REENTRANT, false, why));
  }

  /** As resolve_dtype does on a GPU that knows bf16. */
  private void precision() {
    Optional<Setting> bf16 = job.get("bf16");
    boolean half = job.isOn("fp16");
    boolean auto = bf16.isEmpty() || bf16.get().shown().equals("auto");
    boolean whole = bf16.filter(value -> value.shown().equals("full")).isPresent();
    job.get("fp8")
        .filter(Setting::bool)
        .ifPresent(fp8 -> Dtypes.float8(job, fp8, Optional.empty()));
    job.get("fp16")
        .filter(fp16 -> half && !auto && (whole || bf16.get().bool()))
        .ifPresent(
            fp16 ->
                job.say(
                    FindingCode.IGNORED_KEY, fp16, "fp16 does nothing beside bf16, which holds"));
    if (whole) {
      job.put(JobKey.PRECISION, Precision.BF16, bf16.get());
    } else if (!auto && bf16.get().bool() || auto && !half) {
      bf16.filter(value -> !auto)
          .ifPresent(value -> job.put(JobKey.PRECISION, Precision.BF16_MIXED, value));
    } else if (half) {
      job.put(JobKey.PRECISION, Precision.FP16_MIXED, job.get("fp16").orElseThrow());
      job.put(JobKey.MODEL_DTYPE, "fp16", job.get("fp16").orElseThrow());
    } else if (!job.isOn("bfloat16")) {
      fullPrecision(bf16.orElseThrow());
    }
  }

  private void fullPrecision(Setting bf16) {
    if (job.isOn("load_in_8bit")) {
      job.put(JobKey.MODEL_DTYPE, "fp16", bf16);
      return;
    }
    if (job.isOn("float16")) {
      // _configure_precision_settings tells the Trainer of fp16 and bfloat16, and not of this.
      Setting float16 = job.get("float16").orElseThrow();
      job.put(JobKey.MODEL_DTYPE, "fp16", float16);
      job.put(JobKey.PRECISION, Precision.FP16, float16);
      return;
    }
    job.put(JobKey.PRECISION, Precision.FP32, bf16);
    job.say(
        FindingCode.SURPRISING_DEFAULT,
        bf16,
        "bf16 is off and fp16 is not on: the model is loaded and trained in fp32");
  }
}
