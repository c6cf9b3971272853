package dev.vramcast.formats.training.swift;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.megatron.MegatronTargets;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What ms-swift trains: {@code swift/arguments/tuner_args.py} and quant_args.py. */
final class Tuner {

  /** What trains other tensors than LoRA's: {@code swift/pipelines/train/tuner.py}. */
  private static final List<String> OTHERS =
      List.of("adalora", "llamapro", "adapter", "vera", "boft", "fourierft", "reft", "bone");

  private final JobBuilder job;
  private final boolean megatron;

  Tuner(JobBuilder job, boolean megatron) {
    this.job = job;
    this.megatron = megatron;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME), this::method);
    job.reads(List.of(JobKey.FROZEN), this::frozen);
  }

  /** Only what all linear layers are depends on it where adapters are trained. */
  private void frozen() {
    boolean named =
        job.get("target_regex")
            .or(() -> job.get("target_modules"))
            .filter(names -> !names.isIdle())
            .filter(names -> !names.words().contains("all-linear"))
            .isPresent();
    if (!named || job.is(JobKey.METHOD, "full")) {
      FrozenParts.read(job, "freeze_vit", "freeze_aligner", true);
    }
    if (megatron) {
      job.get("vit_gradient_checkpointing").ifPresent(this::encoderRunsAgain);
    }
  }

  /** Where nobody says it, what is trained runs again (megatron_args.py __post_init__ of 4.0). */
  private void encoderRunsAgain(Setting stated) {
    boolean trained = job.isOff("freeze_vit");
    if (stated.bool() != trained) {
      job.say(
          FindingCode.NOT_COUNTED,
          stated,
          stated.key(),
          " is ",
          stated.bool(),
          ": where the model has encoders, their layers are counted as if they ran again where"
              + " these are trained, and nowhere else");
    }
  }

  private void method() {
    Optional<Setting> type = job.get("tuner_type");
    // Megatron-SWIFT trains in full without it, ms-swift trains adapters.
    String name = type.map(Setting::word).orElse(megatron ? "full" : "lora");
    if (name.equals("full")) {
      type.ifPresentOrElse(
          setting -> job.put(JobKey.METHOD, "full", setting), () -> job.put(JobKey.METHOD, "full"));
      refuseQuantised();
      return;
    }
    if (OTHERS.contains(name)) {
      job.notModelled(
          JobKey.METHOD,
          Gap.of("tuner_type ", name).needs("what its adapters keep").modelled("lora"));
    } else if (!name.equals("lora")) {
      job.say(
          FindingCode.NOT_COUNTED,
          type.orElseThrow(),
          "tuner_type is " + name + ": counted as LoRA of the same rank");
    }
    adapters(type);
  }

  private void refuseQuantised() {
    Optional<Setting> bits = job.get("quant_bits").filter(setting -> setting.whole() > 0);
    if (megatron) {
      bits.ifPresent(
          setting ->
              job.say(
                  FindingCode.REFUSED,
                  setting,
                  "quant_bits is refused when all weights are trained"));
      return;
    }
    bits.ifPresent(setting -> job.stops(JobKey.METHOD, setting, Targets.ON_NOTHING_QUANTISED));
  }

  private void adapters(Optional<Setting> type) {
    scheme();
    boolean blockwise =
        job.is(JobKey.QUANTIZATION_SCHEME, "nf4") || job.is(JobKey.QUANTIZATION_SCHEME, "fp4");
    boolean pissa =
        job.get("init_weights")
            .filter(setting -> setting.shown().toLowerCase(Locale.ROOT).startsWith("pissa"))
            .isPresent();
    String method =
        job.isOn("use_dora")
            ? "dora"
            : pissa ? "pissa" : blockwise ? "qlora" : job.isOn("use_rslora") ? "rslora" : "lora";
    type.ifPresentOrElse(
        setting -> job.put(JobKey.METHOD, method, setting), () -> job.put(JobKey.METHOD, method));
    job.take("lora_rank", JobKey.LORA_RANK);
    job.take("lora_alpha", JobKey.LORA_ALPHA);
    job.take("lora_dropout", JobKey.LORA_DROPOUT);
    job.take("modules_to_save", JobKey.LORA_MODULES_TO_SAVE);
    job.reads(List.of(JobKey.LORA_TARGETS), this::targets);
    Targets.takeParameters(job, "target_parameters");
    job.reads(List.of(JobKey.LORA_DTYPE), () -> job.get("lora_dtype").ifPresent(this::dtype));
  }

  private void dtype(Setting setting) {
    Dtypes.of(setting).ifPresent(dtype -> job.put(JobKey.LORA_DTYPE, dtype, setting));
  }

  private void targets() {
    Optional<Setting> names =
        job.get("target_regex").or(() -> job.get("target_modules")).filter(s -> !s.isIdle());
    if (names.isPresent() && !names.get().shown().equalsIgnoreCase("default")) {
      if (megatron) {
        MegatronTargets.take(job, names);
      } else {
        Targets.read(job, names.get());
      }
    }
  }

  private void scheme() {
    Optional<Setting> bits = job.get("quant_bits").filter(setting -> setting.whole() > 0);
    if (bits.isEmpty()) {
      return;
    }
    String how = job.get("quant_method").map(Setting::word).orElse("bnb");
    boolean fp4 = job.get("bnb_4bit_quant_type").filter(s -> s.word().equals("fp4")).isPresent();
    String scheme =
        switch (bits.get().whole()) {
          case 8 -> how.equals("fp8") ? "fp8" : "int8";
          case 4 -> fp4 ? "fp4" : "nf4";
          case 1, 2, 3 -> "nf4";
          default -> throw bits.get().unusable("4, 8; 1, 2 and 3 with hqq");
        };
    job.put(JobKey.QUANTIZATION_SCHEME, scheme, bits.get());
    if (!how.equals("bnb") && !scheme.equals("fp8")) {
      job.say(
          FindingCode.NOT_COUNTED,
          bits.get(),
          "quant_method is " + how + ": counted as bitsandbytes' " + scheme);
    }
    job.take("bnb_4bit_use_double_quant", JobKey.DOUBLE_QUANT);
  }
}
