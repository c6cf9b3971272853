package dev.vramcast.formats.training.litgpt;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The method is the sub-command; keys of LoRA tell it where the command is not known. */
final class Method {

  /** Names of modules by key, with the default of litgpt/finetune/lora.py. */
  private static final Map<String, List<String>> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put("lora_query", List.of("q_proj"));
    MODULES.put("lora_key", List.of("k_proj"));
    MODULES.put("lora_value", List.of("v_proj"));
    MODULES.put("lora_projection", List.of("o_proj"));
    MODULES.put("lora_mlp", List.of("gate_proj", "up_proj", "down_proj"));
    MODULES.put("lora_head", List.of("lm_head"));
  }

  private static final List<String> ON_BY_DEFAULT = List.of("lora_query", "lora_value");

  /** A second word of the command in LitGPT before 0.5: {@code litgpt finetune lora}. */
  static final Set<String> NAMES = Set.of("lora", "full", "adapter", "adapter_v2");

  private final JobBuilder job;
  private final TrainingFile file;

  Method(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME), this::method);
  }

  private void method() {
    List<String> words = file.command().map(command -> command.words()).orElse(List.of());
    boolean full = Stream.of("finetune_full", "pretrain", "full").anyMatch(words::contains);
    boolean adapter = words.stream().anyMatch(word -> word.matches("(finetune_)?adapter(_v2)?"));
    boolean lora =
        !full && !adapter && words.contains("finetune")
            || file.root().fields().keySet().stream().anyMatch(key -> key.startsWith("lora_"))
            || words.contains("finetune_lora");
    Optional<Setting> scheme = job.get("quantize");
    if (full || !lora && !adapter && scheme.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      scheme.ifPresent(
          setting ->
              job.say(
                  FindingCode.REFUSED,
                  setting,
                  "quantize is refused when all weights are trained"));
      return;
    }
    if (adapter) {
      job.say(
          FindingCode.NOT_COUNTED, "adapter", "LLaMA-Adapter is counted as LoRA, which is larger");
    }
    if (scheme.isPresent()) {
      quantised(scheme.get());
    } else {
      job.put(JobKey.METHOD, "lora");
    }
    job.take("lora_r", JobKey.LORA_RANK);
    job.take("lora_alpha", JobKey.LORA_ALPHA);
    job.take("lora_dropout", JobKey.LORA_DROPOUT);
    job.reads(List.of(JobKey.LORA_TARGETS), this::targets);
  }

  private void quantised(Setting scheme) {
    String name = scheme.word();
    switch (name) {
      case "bnb.nf4", "bnb.nf4-dq", "bnb.fp4", "bnb.fp4-dq" -> {
        job.put(JobKey.METHOD, "qlora", scheme);
        job.put(JobKey.QUANTIZATION_SCHEME, name.substring(4, 7), scheme);
        job.put(JobKey.DOUBLE_QUANT, name.endsWith("-dq"), scheme);
      }
      case "bnb.int8", "bnb.int8-training" -> {
        job.put(JobKey.METHOD, "lora", scheme);
        job.put(JobKey.QUANTIZATION_SCHEME, "int8", scheme);
      }
      default ->
          throw scheme.unusable("bnb.nf4, bnb.nf4-dq, bnb.fp4, bnb.fp4-dq, bnb.int8-training");
    }
    if (job.get("devices").filter(value -> value.shown().matches("[2-9]|\\d\\d+")).isPresent()) {
      job.say(FindingCode.REFUSED, scheme, "quantize is refused on more than one GPU");
    }
    if (job.get("precision").filter(value -> value.shown().endsWith("mixed")).isPresent()) {
      job.say(FindingCode.REFUSED, scheme, "quantize is refused with a mixed precision");
    }
  }

  private void targets() {
    if (MODULES.keySet().stream().allMatch(key -> job.get(key).isEmpty())) {
      return;
    }
    List<String> names = new ArrayList<>();
    Optional<Setting> origin = Optional.empty();
    for (String key : MODULES.keySet()) {
      Optional<Setting> coverage = job.get(key);
      if (coverage.map(Setting::bool).orElse(ON_BY_DEFAULT.contains(key))) {
        names.addAll(MODULES.get(key));
      }
      origin = origin.isPresent() ? origin : coverage;
    }
    if (!names.isEmpty()) {
      job.put(JobKey.LORA_TARGETS, names, origin.orElseThrow());
    }
  }
}
