package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.TrainerStep;
import java.util.List;
import java.util.Optional;

/** Precision, checkpointing, packing and kernels. */
final class Step {

  private static final String TRAINER_CHECKPOINTING = "gradient_checkpointing";

  private final JobBuilder job;
  private final TrainerStep trainer;

  Step(JobBuilder job, TrainerStep trainer) {
    this.job = job;
    this.trainer = trainer;
  }

  void read(Optional<Setting> ofFsdp) {
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.CHECKPOINTING), () -> checkpointing(ofFsdp));
    job.reads(List.of(JobKey.PADDING), this::packing);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.LOSS), this::liger);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::own);
    if (job.get("cutoff_len").isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "cutoff_len",
          "cutoff_len is missing: LLaMA-Factory's default is 2048");
    }
  }

  private void precision() {
    if (job.isOn("pure_bf16")) {
      Setting pure = job.get("pure_bf16").orElseThrow();
      job.put(JobKey.PRECISION, Precision.BF16, pure);
      if (job.is(JobKey.STRATEGY, "zero3")) {
        job.say(FindingCode.REFUSED, pure, "pure_bf16 is refused with ZeRO-3");
      }
      float8();
      return;
    }
    trainer.precision();
    float8();
    if (!job.has(JobKey.PRECISION)) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "bf16",
          "bf16 and fp16 are not on: there is no autocast, which LLaMA-Factory does not turn on"
              + " itself");
    }
  }

  private void float8() {
    job.get("fp8")
        .filter(Setting::bool)
        .ifPresent(fp8 -> Dtypes.float8(job, fp8, job.get("fp8_backend")));
  }

  private void checkpointing(Optional<Setting> ofFsdp) {
    boolean again = job.isOn(TRAINER_CHECKPOINTING);
    if (!again) {
      job.get(TRAINER_CHECKPOINTING)
          .ifPresent(
              setting ->
                  job.say(
                      FindingCode.IGNORED_KEY,
                      setting,
                      "gradient_checkpointing does nothing where it is off:"
                          + " disable_gradient_checkpointing decides, which leaves it on"));
    }
    if (job.isOn("use_unsloth_gc") && !job.isOn("disable_gradient_checkpointing")) {
      job.put(
          JobKey.CHECKPOINTING, Checkpointing.OFFLOADED, job.get("use_unsloth_gc").orElseThrow());
    } else if (job.isOn("disable_gradient_checkpointing") && !again) {
      job.put(
          JobKey.CHECKPOINTING,
          ofFsdp.isPresent() ? Checkpointing.FULL : Checkpointing.NONE,
          ofFsdp.or(() -> job.get("disable_gradient_checkpointing")).orElseThrow());
    } else {
      ofFsdp.ifPresent(
          setting ->
              job.say(
                  FindingCode.REFUSED,
                  setting,
                  setting.key() + " is refused beside checkpointing, which is on by default"));
    }
    job.take("use_reentrant_gc", JobKey.CHECKPOINTING_REENTRANT);
    if (again) {
      again(job.get(TRAINER_CHECKPOINTING).orElseThrow());
    }
  }

  /**
   * transformers/trainer.py calls what LLaMA-Factory has put in the place of the model's method
   * (model_utils/checkpointing.py), with arguments of its own; without any it is reentrant.
   */
  private void again(Setting on) {
    job.get("disable_gradient_checkpointing")
        .filter(Setting::bool)
        .ifPresent(
            off -> {
              job.put(JobKey.CHECKPOINTING, Checkpointing.FULL, on);
              job.say(
                  FindingCode.CONTRADICTION,
                  off,
                  "disable_gradient_checkpointing does not hold: the Trainer turns checkpointing on"
                      + " for gradient_checkpointing");
            });
    job.get(TRAINER_CHECKPOINTING + "_kwargs")
        .flatMap(arguments -> arguments.at("use_reentrant"))
        .ifPresentOrElse(
            reentrant -> job.put(JobKey.CHECKPOINTING_REENTRANT, reentrant),
            () -> job.put(JobKey.CHECKPOINTING_REENTRANT, true, on));
  }

  private void packing() {
    Optional<Setting> on =
        job.get("packing")
            .filter(Setting::bool)
            .or(() -> job.get("neat_packing").filter(Setting::bool));
    if (on.isPresent()) {
      job.put(JobKey.PADDING, Padding.PACKED, on.get());
    } else if (!job.isOff("packing")) {
      // hparams/parser.py packs by default when stage is pt.
      job.get("stage")
          .filter(stage -> stage.word().equals("pt"))
          .ifPresent(stage -> job.put(JobKey.PADDING, Padding.PACKED, stage));
    }
  }

  private void attention() {
    Optional<Setting> kernel = job.get("flash_attn");
    if (kernel.isEmpty()) {
      return;
    }
    if (kernel.get().isBool()) {
      // Before 0.7 a truth value.
      job.put(
          JobKey.ATTENTION,
          kernel.get().bool() ? AttentionKernel.FLASH : AttentionKernel.SDPA,
          kernel.get());
    } else if (kernel.get().word().equals("disabled")) {
      job.put(JobKey.ATTENTION, AttentionKernel.EAGER, kernel.get());
    } else {
      AttentionWords.read(job, kernel.get());
    }
  }

  /** The fused loss is that of the stages that train on text alone. */
  private void liger() {
    if (job.isOn("enable_liger_kernel")) {
      String stage = job.get("stage").map(Setting::word).orElse("sft");
      trainer.liger(
          job.get("enable_liger_kernel").orElseThrow(), stage.equals("sft") || stage.equals("pt"));
    }
  }

  /** Optimizers that have a switch of their own (hparams/finetuning_args.py). */
  private void own() {
    if (job.isOn("use_muon")) {
      job.put(JobKey.OPTIMIZER_NAME, "muon", job.get("use_muon").orElseThrow());
    } else if (job.isOn("use_adam_mini")) {
      job.put(JobKey.OPTIMIZER_NAME, "adam-mini", job.get("use_adam_mini").orElseThrow());
    } else if (job.isOn("use_badam")) {
      blocks(job.get("use_badam").orElseThrow());
    }
  }

  /** train/trainer_utils.py _create_badam_optimizer, over the AdamW that {@code optim} names. */
  private void blocks(Setting used) {
    boolean adamw = !job.has(JobKey.OPTIMIZER_NAME) || job.is(JobKey.OPTIMIZER_NAME, "adamw");
    if (!adamw) {
      job.notModelled(
          JobKey.OPTIMIZER_NAME,
          Gap.of("use_badam over another optimizer than AdamW").modelled("optim adamw_torch"));
      return;
    }
    Optional<Setting> mode = job.get("badam_mode").filter(way -> way.word().equals("ratio"));
    if (mode.isPresent()) {
      job.notModelled(
          JobKey.OPTIMIZER_NAME,
          Gap.of("badam_mode ratio").needs("what sparse gradients take").modelled("layer"));
      return;
    }
    job.put(JobKey.OPTIMIZER_NAME, "badam", used);
  }
}
