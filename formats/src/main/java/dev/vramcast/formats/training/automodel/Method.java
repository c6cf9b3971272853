package dev.vramcast.formats.training.automodel;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** {@code nemo_automodel/components/_peft/lora.py} PeftConfig, and quantization. */
final class Method {

  private final JobBuilder job;

  Method(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD), this::method);
    if (job.is(JobKey.METHOD, "full")) {
      frozen();
      return;
    }
    job.put(JobKey.LORA_RANK, 8);
    job.put(JobKey.LORA_ALPHA, 32);
    job.take("peft.dim", JobKey.LORA_RANK);
    job.take("peft.alpha", JobKey.LORA_ALPHA);
    job.take("peft.dropout", JobKey.LORA_DROPOUT);
    job.reads(List.of(JobKey.LORA_TARGETS), this::targets);
    if (job.isOn("peft.use_dora")) {
      job.get("peft.use_dora").ifPresent(on -> job.put(JobKey.METHOD, "dora", on));
    }
  }

  /** {@code model_utils.py} apply_parameter_freezing: what is not said of the tower is yes. */
  private void frozen() {
    Optional<Setting> parts = job.get("freeze_config");
    Optional<Setting> tower = job.get("freeze_config.freeze_vision_tower");
    if (tower.map(Setting::bool).orElse(parts.isPresent())) {
      job.put(JobKey.FROZEN, List.of("towers"), tower.or(() -> parts).orElseThrow());
    }
  }

  private void method() {
    Optional<Setting> adapters = job.get("peft");
    boolean narrow = job.isOn("quantization.load_in_4bit");
    if (adapters.isEmpty()) {
      job.put(JobKey.METHOD, "full");
    } else if (narrow) {
      job.put(JobKey.METHOD, "qlora", adapters.get());
      job.take("quantization.bnb_4bit_quant_type", JobKey.QUANTIZATION_SCHEME);
      job.take("quantization.bnb_4bit_use_double_quant", JobKey.DOUBLE_QUANT);
    } else {
      job.put(JobKey.METHOD, "lora", adapters.get());
      job.get("quantization.load_in_8bit")
          .filter(Setting::bool)
          .ifPresent(on -> job.put(JobKey.QUANTIZATION_SCHEME, "int8", on));
    }
  }

  /** {@code module_matcher.py}: names with {@code *}, or all linear layers but the head. */
  private void targets() {
    Optional<Setting> all = job.get("peft.match_all_linear").filter(Setting::bool);
    Optional<Setting> named = job.get("peft.target_modules");
    if (all.isPresent() || named.isEmpty()) {
      all.ifPresent(on -> job.put(JobKey.LORA_TARGETS, List.of("all-linear"), on));
      return;
    }
    List<String> names =
        named.get().words().stream()
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .toList();
    List<String> plain = names.stream().map(name -> name.replaceFirst("^\\*", "")).toList();
    boolean open = plain.stream().anyMatch(name -> name.isEmpty() || name.startsWith("_"));
    job.put(JobKey.LORA_TARGETS, open ? List.of("all-linear") : plain, named.get());
    if (open) {
      job.say(
          FindingCode.NOT_COUNTED,
          named.get(),
          "target_modules is " + named.get().shown() + ", counted as all linear layers");
    }
  }
}
