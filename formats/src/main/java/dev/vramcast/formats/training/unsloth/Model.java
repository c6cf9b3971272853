package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.value.NamedBits;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the model is loaded and adapted. */
final class Model {

  private static final List<String> OF_ATTENTION = List.of("q_proj", "k_proj", "v_proj", "o_proj");
  private static final List<String> OF_MLP = List.of("gate_proj", "up_proj", "down_proj");

  private static final Pattern COPY = Pattern.compile("(unsloth/.+?)(?:-unsloth)?-bnb-4bit");

  private final JobBuilder job;

  /** Whether a trainer is given the model. */
  private final boolean trains;

  Model(JobBuilder job, boolean trains) {
    this.job = job;
    this.trains = trains;
  }

  void read() {
    job.reads(List.of(JobKey.MODEL_ID), this::name);
    job.reads(List.of(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME), this::method);
    job.reads(
        List.of(JobKey.MODEL_DTYPE),
        () -> loaded("dtype").ifPresent(setting -> Dtypes.read(job, setting)));
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
  }

  private Optional<Setting> loaded(String argument) {
    return job.get("from_pretrained." + argument);
  }

  private Optional<Setting> adapted(String argument) {
    return job.get("get_peft_model." + argument);
  }

  private void name() {
    loaded("model_name")
        .or(() -> loaded("0"))
        .ifPresent(setting -> job.put(JobKey.MODEL_ID, setting.model(), setting));
  }

  /**
   * Told of no 4 bits, Unsloth loads the model that its own copy in 4 bits was made of
   * (INT_TO_FLOAT_MAPPER of models/mapper.py, which get_model_name of models/loader_utils.py asks).
   */
  private void original(Setting told) {
    Matcher copy = COPY.matcher(job.text(JobKey.MODEL_ID).orElse(""));
    boolean exact = loaded("use_exact_model_name").filter(Setting::bool).isPresent();
    if (copy.matches() && !exact) {
      job.put(JobKey.MODEL_ID, copy.group(1), told);
      job.assume(
          told,
          told.key() + " is " + told.shown() + ", so Unsloth loads '",
          copy.group(1),
          "' in the place of its copy in 4 bits");
    }
  }

  /** 4 bits unless told otherwise; full_finetuning turns them off (models/loader.py). */
  private void method() {
    Optional<Setting> full = loaded("full_finetuning").filter(Setting::bool);
    Optional<Setting> four = loaded("load_in_4bit");
    Optional<Setting> eight = loaded("load_in_8bit").filter(Setting::bool);
    Optional<Setting> sixteen = loaded("load_in_16bit").filter(Setting::bool);
    if (full.isPresent()) {
      job.put(JobKey.METHOD, "full", full.get());
      original(full.get());
      four.filter(Setting::bool)
          .ifPresent(
              setting ->
                  job.say(
                      FindingCode.IGNORED_KEY,
                      setting,
                      "load_in_4bit does nothing with full_finetuning"));
      return;
    }
    boolean quantised = four.map(Setting::bool).orElse(eight.isEmpty() && sixteen.isEmpty());
    Optional<QuantizationScheme> stored = job.text(JobKey.MODEL_ID).flatMap(NamedBits::scheme);
    if (stored.isPresent()) {
      // Transformers takes the quantisation that is stored, whatever else it is told.
      job.put(JobKey.QUANTIZATION_SCHEME, stored.get(), JobKey.MODEL_ID);
      adapters("lora", Optional.empty());
    } else if (quantised) {
      four.ifPresent(setting -> job.put(JobKey.QUANTIZATION_SCHEME, "nf4", setting));
      adapters("qlora", four);
      if (four.isEmpty()) {
        job.say(
            FindingCode.SURPRISING_DEFAULT,
            "load_in_4bit",
            "load_in_4bit is missing: Unsloth loads in 4 bits");
      }
    } else {
      eight.or(() -> four).or(() -> sixteen).ifPresent(this::original);
      eight.ifPresent(setting -> job.put(JobKey.QUANTIZATION_SCHEME, "int8", setting));
      adapters("lora", eight.or(() -> four).or(() -> sixteen));
    }
  }

  private void adapters(String kind, Optional<Setting> origin) {
    boolean dora = adapted("use_dora").filter(Setting::bool).isPresent();
    boolean scaled = adapted("use_rslora").filter(Setting::bool).isPresent();
    String method = dora ? "dora" : scaled && kind.equals("lora") ? "rslora" : kind;
    origin.ifPresentOrElse(
        setting -> job.put(JobKey.METHOD, method, setting), () -> job.put(JobKey.METHOD, method));
    if (dora && kind.equals("qlora") && !job.has(JobKey.QUANTIZATION_SCHEME)) {
      job.put(JobKey.QUANTIZATION_SCHEME, "nf4");
    }
    if (job.get(Adapted.CALL).isEmpty()) {
      unadapted(kind.equals("qlora"));
    }
    job.reads(
        List.of(JobKey.LORA_RANK),
        () ->
            adapted("r")
                .or(() -> adapted(Dictionaries.OPEN))
                .ifPresent(rank -> job.put(JobKey.LORA_RANK, rank)));
    job.take("get_peft_model.lora_alpha", JobKey.LORA_ALPHA);
    job.take("get_peft_model.lora_dropout", JobKey.LORA_DROPOUT);
    job.take("get_peft_model.modules_to_save", JobKey.LORA_MODULES_TO_SAVE);
    Targets.take(job, adapted("target_modules"));
    parts();
  }

  /**
   * Nothing puts adapters on: Unsloth leaves out what a trainer is told of them
   * (unsloth/models/rl.py), and Transformers trains no bare model in 4 bits (trainer.py). In 16
   * bits all weights train but those of norms, to which Unsloth's kernel gives no gradient
   * (unsloth/kernels/rms_layernorm.py), which nobody asks for.
   */
  private void unadapted(boolean quantised) {
    Optional<Setting> load = job.get("from_pretrained").filter(call -> trains);
    if (load.isEmpty()) {
      job.say(
          FindingCode.NOT_COUNTED,
          Adapted.CALL,
          "there is no call of get_peft_model: its defaults are counted");
    } else if (quantised) {
      job.trainsNothing(
          load.get(),
          "there is no get_peft_model, without which a model in 4 bits has no gradients");
    } else {
      job.trainsNothing(load.get(), "there is neither get_peft_model nor full_finetuning");
    }
  }

  /** unsloth_zoo/peft_utils.py get_peft_regex: the modules of a model with encoders. */
  private void parts() {
    off("finetune_vision_layers").ifPresent(off -> FrozenParts.all(job, off));
    off("finetune_attention_modules").ifPresent(off -> job.put(JobKey.LORA_TARGETS, OF_MLP, off));
    off("finetune_mlp_modules").ifPresent(off -> job.put(JobKey.LORA_TARGETS, OF_ATTENTION, off));
    off("finetune_language_layers")
        .ifPresent(
            off ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    off,
                    "finetune_language_layers is off: the language model is counted as adapted"));
  }

  private Optional<Setting> off(String argument) {
    return adapted(argument).filter(setting -> !setting.bool());
  }

  private void checkpointing() {
    Optional<Setting> coverage =
        adapted("use_gradient_checkpointing").or(() -> loaded("use_gradient_checkpointing"));
    if (coverage.isEmpty()) {
      return;
    }
    boolean own = coverage.get().shown().equals("unsloth");
    job.put(
        JobKey.CHECKPOINTING,
        own ? "offloaded" : coverage.get().bool() ? "full" : "none",
        coverage.get());
  }
}
