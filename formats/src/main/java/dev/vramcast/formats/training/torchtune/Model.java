package dev.vramcast.formats.training.torchtune;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The builder of a model tells its size, its method and its quantisation. */
final class Model {

  private static final Map<String, List<String>> MODELS = Table.rows(Model.class, "models.tsv");

  private static final Pattern BUILDER =
      Pattern.compile("torchtune\\.models\\.(\\w+)\\.(lora_|qlora_)?(\\w+)");

  private final JobBuilder job;

  Model(JobBuilder job) {
    this.job = job;
  }

  void read() {
    Optional<Setting> component = job.any("model._component_", "policy_model._component_");
    job.reads(
        List.of(JobKey.MODEL_ID),
        () -> job.put(JobKey.MODEL_ID, id(required(component)), required(component)));
    job.reads(List.of(JobKey.METHOD), () -> method(required(component)));
  }

  private Setting required(Optional<Setting> component) {
    return component.orElseThrow(
        () ->
            InputError.about(new Subject.Item("model._component_"))
                .and(" is missing, which names the model's builder")
                .kind(ErrorKind.MISSING)
                .refusal());
  }

  /** The name of the model that a builder makes. */
  static String id(Setting component) {
    Matcher builder = BUILDER.matcher(component.text());
    if (!builder.matches()) {
      throw component.unusable("a builder in torchtune.models");
    }
    String name = builder.group(1) + "." + builder.group(3);
    List<String> row = MODELS.get(name);
    if (row == null) {
      throw component.unusable("a builder of a model that is known", name, MODELS.keySet());
    }
    return row.get(1);
  }

  private void method(Setting component) {
    Matcher builder = BUILDER.matcher(component.text());
    String kind = builder.matches() && builder.group(2) != null ? builder.group(2) : "";
    if (kind.isEmpty()) {
      job.put(JobKey.METHOD, "full", component);
      job.get("model.lora_rank")
          .ifPresent(
              setting ->
                  job.say(
                      FindingCode.REFUSED,
                      setting,
                      "model.lora_rank is refused by a builder without lora_ before its name"));
      return;
    }
    boolean quantised = kind.equals("qlora_") || job.isOn("model.quantize_base");
    boolean dora = job.isOn("model.use_dora");
    job.put(JobKey.METHOD, dora ? "dora" : quantised ? "qlora" : "lora", component);
    if (quantised) {
      job.put(JobKey.QUANTIZATION_SCHEME, "nf4", job.get("model.quantize_base").orElse(component));
    }
    job.take("model.lora_rank", JobKey.LORA_RANK);
    job.take("model.lora_alpha", JobKey.LORA_ALPHA);
    job.take("model.lora_dropout", JobKey.LORA_DROPOUT);
    job.reads(List.of(JobKey.LORA_TARGETS), this::targets);
  }

  private void targets() {
    Optional<Setting> attention = job.get("model.lora_attn_modules");
    List<String> names = new ArrayList<>();
    attention.ifPresent(
        setting ->
            setting.words().forEach(word -> names.add(word.replace("output_proj", "o_proj"))));
    if (job.isOn("model.apply_lora_to_mlp")) {
      names.addAll(List.of("gate_proj", "up_proj", "down_proj"));
    }
    if (job.isOn("model.apply_lora_to_output")) {
      names.add("lm_head");
    }
    Optional<Setting> origin = attention.or(() -> job.get("model.apply_lora_to_mlp"));
    if (!names.isEmpty() && origin.isPresent()) {
      job.put(JobKey.LORA_TARGETS, names, origin.get());
    }
  }
}
