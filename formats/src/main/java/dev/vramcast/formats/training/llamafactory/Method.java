package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import java.util.List;
import java.util.Optional;

/** What LLaMA-Factory trains: {@code hparams/finetuning_args.py} and model_args.py. */
final class Method {

  private static final List<String> ADAPTER_KEYS =
      List.of("lora_rank", "lora_alpha", "lora_target", "use_dora", "pissa_init");

  /** What the method of a file says. */
  static final List<JobKey> KEYS =
      List.of(
          JobKey.METHOD,
          JobKey.QUANTIZATION_SCHEME,
          JobKey.TRAINABLE_LAYERS,
          JobKey.TRAINABLE_PLACE);

  /** The release of which is known under which Transformers it runs, and that MoD does not. */
  private static final Version MIXED = new Version(0, 9, 5);

  private final JobBuilder job;

  Method(JobBuilder job) {
    this.job = job;
  }

  void read() {
    depths();
    job.reads(KEYS, this::method);
    job.reads(
        List.of(JobKey.FROZEN),
        () -> FrozenParts.read(job, "freeze_vision_tower", "freeze_multi_modal_projector", true));
  }

  /**
   * All releases that are allowed (mixture-of-depth from 1.1.6 to 1.2.0) stop: MoD.forward wants
   * arguments that layers of Transformers 4.55 get no more, and 5.0 has not all that is imported.
   */
  private void depths() {
    Optional<Setting> on = job.get("mixture_of_depths").filter(stated -> !stated.isIdle());
    if (on.isEmpty()) {
      return;
    }
    if (!job.has(JobKey.TRANSFORMERS_VERSION) && !job.isBefore(MIXED)) {
      job.stops(
          JobKey.MODEL_CONFIG,
          on.get(),
          "MoD 1.2.0 stops in the first pass under every Transformers that LLaMA-Factory 0.9.5"
              + " allows (MoD.forward missing 'output_attentions' and 'use_cache')");
      return;
    }
    job.notModelled(
        JobKey.MODEL_CONFIG,
        on.get(),
        Gap.of("mixture_of_depths").needs("which tokens a layer keeps activations of"));
  }

  private void method() {
    Optional<Setting> type = job.get("finetuning_type");
    switch (type.map(Setting::word).orElse("lora")) {
      case "lora" -> adapters(type);
      case "oft" -> rotations(type.orElseThrow());
      case "full" -> trained("full", type.orElseThrow());
      case "freeze" -> {
        trained("freeze", type.orElseThrow());
        FreezeTuning.read(job, "");
      }
      default -> throw type.orElseThrow().unusable("lora, full, freeze, oft");
    }
    galore();
  }

  private void trained(String method, Setting type) {
    job.put(JobKey.METHOD, method, type);
    job.get("quantization_bit")
        .ifPresent(
            setting ->
                job.stops(
                    JobKey.METHOD,
                    setting,
                    "LLaMA-Factory refuses it with finetuning_type "
                        + type.shown()
                        + ": only adapters of lora and oft are trained on a quantised base"));
    ADAPTER_KEYS.stream()
        .flatMap(key -> job.get(key).stream())
        .filter(setting -> !setting.isIdle())
        .forEach(
            setting ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    setting,
                    setting.key() + " does nothing with finetuning_type " + type.shown()));
  }

  private void adapters(Optional<Setting> type) {
    scheme();
    boolean blockwise =
        job.is(JobKey.QUANTIZATION_SCHEME, "nf4") || job.is(JobKey.QUANTIZATION_SCHEME, "fp4");
    String method =
        job.isOn("use_dora")
            ? "dora"
            : job.isOn("pissa_init")
                ? "pissa"
                : blockwise ? "qlora" : job.isOn("use_rslora") ? "rslora" : "lora";
    Optional<Setting> origin = type.or(() -> job.get("quantization_bit"));
    origin.ifPresentOrElse(
        setting -> job.put(JobKey.METHOD, method, setting), () -> job.put(JobKey.METHOD, method));
    job.take("lora_rank", JobKey.LORA_RANK);
    job.take("lora_alpha", JobKey.LORA_ALPHA);
    job.take("lora_dropout", JobKey.LORA_DROPOUT);
    targets();
  }

  /** model/adapter.py _setup_lora_tuning takes {@code lora_target} here too. */
  private void rotations(Setting type) {
    scheme();
    job.put(JobKey.METHOD, "oft", type);
    job.take("oft_block_size", JobKey.BLOCK_SIZE);
    job.get("oft_rank")
        .filter(rank -> !rank.isIdle())
        .ifPresent(
            rank ->
                job.notModelled(
                    JobKey.BLOCK_SIZE,
                    Gap.of("oft_rank ", rank.shown()).modelled("oft_block_size")));
    targets();
  }

  /** With use_llama_pro, model_utils/misc.py find_expanded_modules leaves out the other layers. */
  private void targets() {
    job.take("additional_target", JobKey.LORA_MODULES_TO_SAVE);
    Targets.take(job, job.get("lora_target"));
    job.get("use_llama_pro")
        .filter(Setting::bool)
        .ifPresent(
            on ->
                job.notModelled(
                    JobKey.LORA_TARGETS,
                    on,
                    Gap.of(on.key(), " ", on.shown(), " with adapters")
                        .needs("adapters in the expanded layers alone")
                        .modelled("adapters in all layers, or finetuning_type freeze")));
  }

  private void scheme() {
    Optional<Setting> bits = job.get("quantization_bit");
    if (bits.isEmpty()) {
      return;
    }
    String how = job.get("quantization_method").map(Setting::word).orElse("bnb");
    boolean fp4 = job.get("quantization_type").filter(s -> s.word().equals("fp4")).isPresent();
    QuantizationScheme four = fp4 ? QuantizationScheme.FP4 : QuantizationScheme.NF4;
    QuantizationScheme scheme =
        switch (bits.get().whole()) {
          case 4 -> four;
          case 8 -> QuantizationScheme.INT8;
          case 2, 3, 5, 6 -> four;
          default -> throw bits.get().unusable("4, 8; 2, 3, 5 and 6 with hqq");
        };
    job.put(JobKey.QUANTIZATION_SCHEME, scheme, bits.get());
    if (!how.startsWith("bnb") && !how.startsWith("bitsandbytes") || bits.get().whole() < 4) {
      job.say(
          FindingCode.NOT_COUNTED,
          bits.get(),
          "quantization_bit is "
              + bits.get().shown()
              + " by "
              + how
              + ": counted as bitsandbytes' "
              + (scheme == QuantizationScheme.INT8 ? "int8" : "nf4"));
    }
    job.take("double_quantization", JobKey.DOUBLE_QUANT);
  }

  private void galore() {
    Optional<Setting> used =
        job.get("use_galore")
            .filter(Setting::bool)
            .or(() -> job.get("use_apollo").filter(Setting::bool));
    if (used.isEmpty() || !job.is(JobKey.METHOD, "full")) {
      return;
    }
    job.put(JobKey.METHOD, "galore", used.get());
    job.get(used.get().key().equals("use_galore") ? "galore_rank" : "apollo_rank")
        .ifPresentOrElse(
            rank -> job.put(JobKey.LORA_RANK, rank),
            // hparams/finetuning_args.py galore_rank, apollo_rank
            () -> job.put(JobKey.LORA_RANK, 16, used.get()));
    if (used.get().key().equals("use_apollo")) {
      job.say(
          FindingCode.NOT_COUNTED, used.get(), "use_apollo: counted as galore, which projects too");
    }
  }
}
