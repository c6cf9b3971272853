package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What Axolotl trains: {@code loaders/adapter.py} and the quantisation in loaders/model.py. */
final class Adapters {

  private static final List<String> ADAPTER_KEYS =
      List.of("lora_r", "lora_alpha", "lora_target_modules", "lora_target_linear");

  /** {@code validate_adapter} of utils/schemas/peft.py. */
  private static final String QUANTISED =
      "Axolotl refuses it without adapter: quantised weights are not trained in full";

  private final JobBuilder job;

  Adapters(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(
        List.of(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME, JobKey.QUANTIZED_EXPERTS), this::method);
    job.reads(
        List.of(JobKey.QUANTIZATION_SCHEME, JobKey.QUANTIZATION_IMPLEMENTATION),
        () -> new PackedBase(job).read());
    job.get("freeze_mm_modules")
        .filter(on -> on.bool() && job.is(JobKey.METHOD, "full"))
        .ifPresent(on -> FrozenParts.all(job, on));
  }

  private void method() {
    Optional<Setting> adapter = job.get("adapter");
    if (adapter.isEmpty()) {
      full();
      return;
    }
    boolean four = job.isOn("load_in_4bit");
    boolean eight = job.isOn("load_in_8bit");
    switch (adapter.get().word()) {
      case "qlora" -> qlora(adapter.get(), four, eight);
      case "lora" -> lora(adapter.get(), four, eight);
      default -> throw adapter.get().unusable("lora, qlora");
    }
    experts(four || eight);
    shape();
  }

  /** {@code check_quantize_moe_experts} of utils/schemas/validation.py. */
  private void experts(boolean quantised) {
    Optional<Setting> asked = job.get("quantize_moe_experts").filter(Setting::bool);
    if (quantised) {
      asked.ifPresentOrElse(
          on -> job.put(JobKey.QUANTIZED_EXPERTS, true, on),
          () -> job.put(JobKey.QUANTIZED_EXPERTS, false));
    }
    if (asked.isPresent() && !quantised) {
      job.say(
          FindingCode.REFUSED,
          asked.get(),
          "quantize_moe_experts is refused without load_in_4bit and load_in_8bit");
    }
    if (asked.isPresent() && job.isOn("lora_target_linear")) {
      job.say(
          FindingCode.REFUSED,
          asked.get(),
          "quantize_moe_experts is refused with lora_target_linear: take lora_target_modules");
    }
  }

  private void full() {
    job.put(JobKey.METHOD, Method.FULL);
    for (String key : List.of("load_in_4bit", "load_in_8bit")) {
      if (job.isOn(key)) {
        job.stops(JobKey.METHOD, job.get(key).orElseThrow(), QUANTISED);
      }
    }
    ADAPTER_KEYS.stream()
        .flatMap(key -> job.get(key).stream())
        .filter(setting -> !setting.isIdle())
        .findFirst()
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    setting,
                    setting.key() + " does nothing without adapter: the whole model is trained"));
  }

  private void qlora(Setting adapter, boolean four, boolean eight) {
    if (job.isOn("gptq")) {
      job.say(FindingCode.REFUSED, adapter, "adapter qlora is refused with gptq: take lora");
    } else if (eight || !four) {
      job.say(
          FindingCode.REFUSED,
          adapter,
          "adapter qlora is refused without load_in_4bit: true"
              + (eight ? ", and with load_in_8bit" : ""));
    }
    job.put(JobKey.METHOD, job.isOn("peft_use_dora") ? Method.DORA : Method.QLORA, adapter);
    Setting scheme = job.get("load_in_4bit").orElse(adapter);
    job.put(JobKey.QUANTIZATION_SCHEME, type(), scheme);
    job.get("bnb_config_kwargs")
        .flatMap(setting -> setting.at("bnb_4bit_use_double_quant"))
        .ifPresent(setting -> job.put(JobKey.DOUBLE_QUANT, setting));
  }

  private QuantizationScheme type() {
    return job.get("bnb_config_kwargs")
            .flatMap(setting -> setting.at("bnb_4bit_quant_type"))
            .filter(setting -> setting.word().equals("fp4"))
            .isPresent()
        ? QuantizationScheme.FP4
        : QuantizationScheme.NF4;
  }

  private void lora(Setting adapter, boolean four, boolean eight) {
    job.put(JobKey.METHOD, kind(), adapter);
    job.get("load_in_4bit")
        .filter(both -> four && eight)
        .ifPresent(
            both ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    both,
                    "load_in_4bit does nothing beside load_in_8bit with adapter lora"));
    if (job.isOn("gptq")) {
      job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.GPTQ_INT4, job.get("gptq").get());
    } else if (eight) {
      job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.INT8, job.get("load_in_8bit").get());
    } else if (four) {
      Setting ignored = job.get("load_in_4bit").get();
      job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NONE, ignored);
      job.say(
          FindingCode.IGNORED_KEY,
          ignored,
          "load_in_4bit does nothing with adapter lora, the base is not quantised: adapter qlora"
              + " quantises it");
    }
  }

  private Method kind() {
    if (job.isOn("peft_use_dora")) {
      return Method.DORA;
    }
    boolean pissa =
        job.get("peft_init_lora_weights")
            .filter(setting -> setting.shown().toLowerCase(Locale.ROOT).startsWith("pissa"))
            .isPresent();
    if (pissa) {
      return Method.PISSA;
    }
    return job.isOn("peft_use_rslora") ? Method.RSLORA : Method.LORA;
  }

  private void shape() {
    required("lora_r", JobKey.LORA_RANK);
    required("lora_alpha", JobKey.LORA_ALPHA);
    job.take("lora_dropout", JobKey.LORA_DROPOUT);
    job.take("lora_modules_to_save", JobKey.LORA_MODULES_TO_SAVE);
    job.reads(List.of(JobKey.LORA_TARGETS), this::targets);
    Targets.takeParameters(job, "lora_target_parameters");
    job.reads(List.of(JobKey.LORA_DROPOUT), this::dropsBesideParameters);
    job.reads(List.of(JobKey.LORA_DTYPE), this::dtype);
  }

  /** {@code validate_lora_target_parameters_dropout} of utils/schemas/peft.py. */
  private void dropsBesideParameters() {
    boolean named = parameters().isPresent();
    job.get("lora_dropout")
        .filter(dropout -> named && dropout.number().signum() != 0)
        .ifPresent(
            dropout ->
                job.say(
                    FindingCode.REFUSED,
                    dropout,
                    "lora_dropout is refused with lora_target_parameters unless it is 0: PEFT has"
                        + " no dropout before adapters of parameters"));
  }

  private Optional<Setting> parameters() {
    return job.get("lora_target_parameters").filter(names -> !names.words().isEmpty());
  }

  private void required(String path, JobKey key) {
    job.take(path, key);
    if (job.get(path).isEmpty()) {
      job.say(FindingCode.REFUSED, path, path + " is missing: Axolotl refuses an adapter without");
    }
  }

  private void targets() {
    Optional<Setting> names = job.get("lora_target_modules").filter(value -> !value.isIdle());
    if (job.isOn("lora_target_linear")) {
      job.put(JobKey.LORA_TARGETS, "all-linear", job.get("lora_target_linear").get());
    } else if (names.isPresent()) {
      Targets.read(job, names.get());
    } else if (parameters().isPresent()) {
      // load_lora gives PEFT an empty list, in the place of which it takes no default.
      job.put(JobKey.LORA_TARGETS, List.of(), parameters().get());
    } else {
      job.say(
          FindingCode.REFUSED,
          "lora_target_modules",
          "an adapter without lora_target_linear and lora_target_modules is refused: it has no"
              + " targets; all linear layers are counted");
    }
  }

  private void dtype() {
    if (job.isOff("peft_autocast_adapter_dtype")) {
      job.put(JobKey.LORA_DTYPE, "bf16", job.get("peft_autocast_adapter_dtype").get());
    }
  }
}
